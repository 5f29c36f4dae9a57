/* My messages on their way: kept until the server has stored them, files uploaded before. */
(function (app) {
  'use strict';

  const { compose, asItem, frame } = app.entry;

  /** @param page what chat.js puts together */
  app.sending = function (page) {
    const outbox = app.outbox(page.as);
    const pending = new Map(); // id -> entry not yet stored by the server
    const progress = new Map(); // file key -> 0..1
    let uploading = false;
    let rest = 0; // until when the server wants to hear nothing but an emergency
    let slow = ''; // and why

    function queue(parts) {
      const entry = compose(parts, outbox.order());
      pending.set(entry.id, entry);
      outbox.save(entry);
      entry.media.forEach((m) => outbox.files.put(m.file, m.blob));
      page.dom.welcome.hidden = true;
      page.log.put(asItem(entry));
      show(entry);
      page.refresh(false);
      page.log.arrived(true);
      flush();
      return entry;
    }

    /** Hand over whatever is complete; the rest is uploaded first and does not hold up the others. */
    function flush() {
      Array.from(pending.values())
        .sort((a, b) => a.order - b.order)
        .forEach((entry) => {
          const now = Date.now() >= rest || entry.button === 'c:sos';
          const ripe = !entry.refused && entry.media.every((m) => m.id);
          if (now && ripe) page.socket.send(frame(entry));
          show(entry);
        });
      uploads();
    }

    async function uploads() {
      if (uploading) return;
      const ripe = (e) => !e.refused && !(e.pause > Date.now()) && e.media.some((m) => !m.id);
      let entry;
      uploading = true;
      try {
        while (page.socket.ready() && (entry = Array.from(pending.values()).find(ripe))) {
          await one(entry, entry.media.find((m) => !m.id)); // one at a time: the line is thin
        }
      } finally {
        uploading = false;
      }
    }

    async function one(entry, part) {
      let blob = await outbox.files.get(part.file);
      if (!blob) {
        refuse(entry, 'Tệp này không còn trên máy, xin chọn lại.', part);
        return;
      }
      if (part.kind === 'photo' && !part.ready) {
        const small = await app.shrunk(blob);
        if (small !== blob) {
          part.name = part.name.replace(/\.\w+$/, '') + '.jpg';
          blob = small;
          await outbox.files.put(part.file, blob);
        }
        part.ready = true;
      }
      if (blob.size > app.LARGEST) {
        refuse(entry, app.tooLarge(blob), part);
        return;
      }
      try {
        const answer = await app.upload(page.url('/chat/upload'), blob, part.name, (done) => {
          progress.set(part.file, done);
          show(entry);
        });
        part.id = answer.id;
        part.kind = answer.kind || part.kind;
        entry.problem = '';
        entry.tries = 0;
        page.previews.set(part.id, page.previews.get(part.file));
        if (!pending.has(entry.id)) return;
        outbox.save(entry);
        if (entry.media.every((m) => m.id)) flush();
        else show(entry);
      } catch (failure) {
        progress.delete(part.file);
        if (!pending.has(entry.id)) return;
        if (failure.final) {
          refuse(entry, failure.text, part);
          return;
        }
        entry.tries = Math.min((entry.tries || 0) + 1, 5);
        const wait = 1000 * Math.pow(2, entry.tries) * (0.75 + Math.random() / 2);
        entry.pause = Date.now() + wait;
        entry.problem = failure.text || 'Mạng yếu, chưa tải lên được.';
        setTimeout(uploads, wait + 50);
        show(entry);
      }
    }

    function refuse(entry, text, part) {
      if (!pending.has(entry.id)) return; // taken back meanwhile
      entry.refused = text || 'Tin này không gửi được.';
      entry.anchor = page.log.last();
      if (part) part.bad = true;
      page.socket.forget(entry.id);
      outbox.save(entry);
      page.log.put(asItem(entry));
      show(entry); // its words are read out: they come into the log
    }

    /** How far a message is, beside it. */
    function show(entry) {
      const now = {
        offline: page.offline,
        slow: Date.now() < rest ? slow : '',
        done: (part) => progress.get(part.file) || 0,
      };
      page.log.state(entry.id, app.entry.progress(entry, now));
    }

    /** The server asks for a pause; nothing is lost, and the order stays. */
    function later(id, seconds, text) {
      page.socket.forget(id);
      if (!pending.has(id)) return;
      rest = Date.now() + seconds * 1000;
      slow = text;
      setTimeout(flush, seconds * 1000 + 50);
      pending.forEach(show);
    }

    function settled(id) {
      const entry = pending.get(id);
      page.socket.forget(id);
      if (!entry) return null;
      pending.delete(id);
      outbox.remove(entry);
      return entry;
    }

    function retry(id, without) {
      const entry = pending.get(id);
      if (!entry) return;
      if (without) {
        entry.media = entry.media.filter((m) => !m.bad);
        entry.refused = '';
        outbox.save(entry);
        page.log.put(asItem(entry));
      }
      entry.pause = 0;
      entry.problem = '';
      if (page.socket.ready()) flush();
      else page.socket.open();
    }

    function discard(id) {
      settled(id);
      page.log.remove(id);
      page.refresh(false);
    }

    function rewrite(id) {
      const entry = pending.get(id);
      discard(id);
      page.dom.text.value = page.dom.text.value ? `${entry.text}\n${page.dom.text.value}` : entry.text;
      page.typed();
      page.dom.text.focus();
    }

    async function restore() {
      const entries = outbox.load();
      entries.forEach((entry) => pending.set(entry.id, entry));
      for (const entry of entries) {
        for (const m of entry.media) {
          const blob = !m.id && (await outbox.files.get(m.file));
          if (blob) page.previews.set(m.file, URL.createObjectURL(blob));
        }
        if (pending.has(entry.id)) {
          page.log.put(asItem(entry));
          show(entry);
        }
      }
      page.log.toEnd(true);
    }

    return {
      queue,
      flush,
      settled,
      later,
      asItem,
      refused(id, text) {
        const entry = pending.get(id);
        if (entry) refuse(entry, text);
      },
      retry,
      discard,
      rewrite,
      restore,
      /** The line is back: what was put off is tried at once. */
      resume() {
        pending.forEach((entry) => (entry.pause = 0));
        flush();
      },
      showAll: () => pending.forEach(show),
    };
  };
})((window.TroGiup = window.TroGiup || {}));
