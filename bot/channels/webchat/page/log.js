/* The conversation on the screen: one row a message, in order of seq, unsent ones at the end. */
(function (app) {
  'use strict';

  const NEAR = 90; // px from the end that still count as «at the end»
  const NAMES = { photo: 'Ảnh', voice: 'Ghi âm', video: 'Phim', document: 'Tệp' };

  function el(tag, cls, text) {
    const node = document.createElement(tag);
    if (cls) node.className = cls;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function button(label, cls, pressed) {
    const node = el('button', cls, label);
    node.type = 'button';
    node.addEventListener('click', pressed);
    return node;
  }

  function mediaNode(media, url, n, count) {
    const name = NAMES[media.kind] || NAMES.document;
    const title = count > 1 ? `${name} ${n + 1}/${count}` : name;
    const figure = el('div', 'media ' + media.kind);
    if (media.kind === 'voice' || media.kind === 'video') {
      const player = el(media.kind === 'voice' ? 'audio' : 'video');
      player.controls = true;
      player.preload = media.kind === 'voice' ? 'none' : 'metadata';
      player.setAttribute('playsinline', '');
      player.setAttribute('aria-label', title);
      player.src = url;
      figure.append(player);
      return figure;
    }
    const a = figure.appendChild(el('a'));
    a.href = url;
    a.target = '_blank';
    a.rel = 'noopener';
    if (media.kind !== 'photo') {
      a.textContent = '📄 ' + (media.name || 'Mở tệp');
      return figure;
    }
    const img = a.appendChild(el('img'));
    img.alt = `${title}, bấm để xem lớn`;
    img.decoding = 'async';
    img.loading = 'lazy';
    img.onerror = () => {
      img.remove();
      a.textContent = `${title}: bấm để mở`;
    };
    img.src = url;
    return figure;
  }

  function place(position) {
    const { lat, lon } = position;
    const at = `${Number(lat).toFixed(5)}, ${Number(lon).toFixed(5)}`;
    const map = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=16/${lat}/${lon}`;
    const a = app.link(map, `📍 Vị trí: ${at} – mở bản đồ`);
    a.className = 'place';
    return a;
  }

  /**
   * @param {{box: Element, list: Element, chip: Element}} dom
   * @param {{media: function, preview: function, qr: function, press: function, ask: function,
   *   offers: function, retry: function, discard: function, rewrite: function}} does
   */
  app.log = function (dom, does) {
    const { box, list, chip } = dom;
    const rows = [];
    const bySeq = new Map();
    const byId = new Map();
    let follow = true;
    let fresh = null; // the first row that came since the reader last looked at the end

    function body(row) {
      const { item } = row;
      const bubble = row.bubble;
      while (bubble.firstChild !== row.meta) bubble.firstChild.remove();
      const parts = [el('span', 'sr', item.from === 'me' ? 'Tôi: ' : 'Trợ giúp: ')];
      if (item.media.length) {
        const album = el('div', 'album n' + Math.min(item.media.length, 3));
        item.media.forEach((m, n) => {
          const url = does.preview(m) || (m.id && does.media(m.id));
          if (url) album.append(mediaNode(m, url, n, item.media.length));
          else album.append(el('div', 'media missing', NAMES[m.kind] || NAMES.document));
        });
        parts.push(album);
      }
      if (item.text) parts.push(app.rich(el('div', 'text'), item.text, item.from === 'bot'));
      if (item.position) parts.push(place(item.position));
      if (item.qr) {
        const qr = el('div', 'qr');
        if (/^https:\/\//.test(item.qr)) qr.append(app.link(item.qr, item.qr));
        else qr.textContent = item.qr;
        const img = qr.appendChild(el('img'));
        img.alt = 'Mã QR của liên kết này';
        img.width = img.height = 200;
        img.src = does.qr(item.qr);
        parts.push(qr);
      }
      parts.forEach((part) => bubble.insertBefore(part, row.meta));
      row.edited.textContent = item.edited ? 'đã sửa · ' : '';
    }

    function choices(row) {
      const { item } = row;
      if (row.choices) row.choices.remove();
      row.choices = null;
      const offer = item.wants && does.offers(item.wants);
      if (!item.buttons.length && !offer) return;
      row.choices = row.node.appendChild(el('div', 'choices'));
      row.choices.setAttribute('role', 'group');
      row.choices.setAttribute('aria-label', 'Chọn câu trả lời');
      if (offer) {
        row.choices.append(button(offer, 'choice offer', (e) => does.ask(item.wants, e.target)));
      }
      let pressed = 0;
      item.buttons.forEach((b) => {
        const press = () => {
          if (Date.now() - pressed < 700) return; // a trembling finger
          pressed = Date.now();
          does.press(b);
        };
        row.choices.append(button(b.label, 'choice', press));
      });
    }

    function signature(item) {
      const { from, text, position, qr, edited, wants, buttons } = item;
      const media = item.media.map((m) => m.id || m.file);
      return JSON.stringify([from, text, position, qr, edited, wants, buttons, media]);
    }

    function create(item) {
      const node = el('div', 'row ' + (item.from === 'me' ? 'me' : 'bot'));
      const row = { node, item, day: el('div', 'day'), bubble: el('div', 'bubble') };
      row.meta = row.bubble.appendChild(el('div', 'meta'));
      row.edited = row.meta.appendChild(el('span'));
      row.time = row.meta.appendChild(el('time'));
      row.state = row.meta.appendChild(el('span', 'state'));
      row.state.setAttribute('aria-live', 'off');
      row.day.hidden = true;
      node.append(row.day, row.bubble);
      return row;
    }

    /** Unsent messages are last; a refused one stays where the talk was when it was refused. */
    function rank(item) {
      if (item.seq !== null) return item.seq;
      return item.anchor === null ? Infinity : item.anchor + 0.5;
    }

    function before(a, b) {
      const [x, y] = [rank(a), rank(b)];
      return x === y ? a.order < b.order : x < y;
    }

    function settle(row) {
      take(row);
      let n = rows.length;
      while (n > 0 && before(row.item, rows[n - 1].item)) n -= 1;
      rows.splice(n, 0, row);
      const next = n + 1 < rows.length ? rows[n + 1].node : null;
      if (row.node.parentNode !== list || row.node.nextSibling !== next) {
        list.insertBefore(row.node, next);
      }
      const today = app.day(row.item.at);
      if (row.day.textContent !== today) row.day.textContent = today;
      dated(n);
      dated(n + 1);
    }

    function take(row) {
      const n = rows.indexOf(row);
      if (n < 0) return;
      rows.splice(n, 1);
      dated(n);
    }

    /** The day is told where it differs from that of the row before. */
    function dated(n) {
      if (n >= rows.length) return;
      rows[n].day.hidden = n > 0 && rows[n - 1].day.textContent === rows[n].day.textContent;
    }

    /** The messages of the service that still wait for an answer: its last run with a question. */
    function current() {
      let n = rows.length - 1;
      while (n >= 0 && rows[n].item.from === 'me') n -= 1;
      let wants = null;
      let asked = null;
      for (; n >= 0 && rows[n].item.from === 'bot' && !asked; n -= 1) {
        const { item } = rows[n];
        wants = wants || item.wants;
        if (item.buttons.length || item.wants) asked = rows[n];
      }
      rows.forEach((row) => row.node.classList.toggle('asking', row === asked));
      let mine = null;
      rows.forEach((row) => {
        row.node.classList.remove('latest');
        if (row.item.from === 'me') mine = row;
      });
      if (mine) mine.node.classList.add('latest');
      return wants;
    }

    /** Show an item, or the new state of one. Returns true if it was not there before. */
    function put(item) {
      let row = (item.seq !== null && bySeq.get(item.seq)) || (item.id && byId.get(item.id));
      const added = !row;
      if (added) row = create(item);
      const changed = added || signature(row.item) !== signature(item);
      row.item = item;
      if (item.seq !== null) bySeq.set(item.seq, row);
      if (item.id) byId.set(item.id, row);
      if (changed) {
        body(row);
        choices(row);
      }
      row.time.textContent = app.time(item.at);
      row.time.dateTime = item.at;
      if (item.seq !== null && item.from === 'me') state(item.id, { kind: 'sent' }, row);
      settle(row);
      if (added && !fresh) fresh = row;
      return added;
    }

    /** How far my message is: sending, waiting, sent, failed (may be tried), refused (never). */
    function state(id, now, known) {
      const row = known || byId.get(id);
      if (!row) return;
      const key = JSON.stringify(now);
      if (row.shown === key) return;
      row.shown = key;
      row.node.classList.toggle('unsent', now.kind === 'waiting' || now.kind === 'failed');
      row.node.classList.toggle('refused', now.kind === 'refused');
      const done = now.kind === 'sent';
      row.state.textContent = done ? ' ✓ Đã gửi' : now.kind === 'sending' ? ' · ' + now.text : '';
      bars(row, now.progress);
      if (row.fix && row.fix.contains(document.activeElement)) box.focus({ preventScroll: true });
      if (row.fix) row.fix.remove();
      row.fix = null;
      if (done || now.kind === 'sending') return;
      row.fix = row.node.appendChild(el('div', 'fix'));
      row.fix.append(el('p', '', now.text));
      if (now.kind !== 'refused') row.fix.append(button('Thử lại', 'small', () => does.retry(id)));
      if (now.without) row.fix.append(button(now.without, 'small', () => does.retry(id, true)));
      if (now.kind === 'refused' && now.editable) {
        row.fix.append(button('Sửa lại', 'small', () => does.rewrite(id)));
      }
      if (now.kind !== 'waiting') row.fix.append(button('Xoá', 'small', () => does.discard(id)));
      keep();
    }

    function bars(row, progress) {
      const parts = row.bubble.querySelectorAll('.media');
      parts.forEach((part, n) => {
        const value = progress ? progress[n] : null;
        let bar = part.querySelector('progress');
        if (value === null || value === undefined || value >= 1) {
          if (bar) bar.remove();
          return;
        }
        if (!bar) {
          bar = part.appendChild(el('progress'));
          bar.max = 1;
          bar.setAttribute('aria-hidden', 'true');
        }
        bar.value = value;
      });
    }

    function remove(id) {
      const row = byId.get(id);
      if (!row) return;
      byId.delete(id);
      take(row);
      row.node.remove();
    }

    // --- where the reader looks ---------------------------------------------------------------

    function gap() {
      return box.scrollHeight - box.scrollTop - box.clientHeight;
    }

    function looked() {
      if (!box.clientHeight) return; // hidden: keep what was true
      follow = gap() < NEAR;
      if (follow) fresh = null;
      if (follow) chip.hidden = true;
    }

    /** To the end; but a message longer than the screen is shown from its beginning. */
    function toEnd(whole) {
      const end = box.scrollHeight - box.clientHeight;
      const first = !whole && fresh ? fresh.node.offsetTop - 8 : end;
      box.scrollTop = Math.min(end, first);
      chip.hidden = end - box.scrollTop < NEAR;
      looked();
    }

    /** Something was added; ``slight`` is not worth a chip. */
    function arrived(mine, slight) {
      if (mine || follow) {
        toEnd(mine);
      } else if (!slight) {
        chip.hidden = false;
      }
    }

    /** The space changed, the reader did not move. */
    function keep() {
      if (follow) toEnd(false);
    }

    box.addEventListener('scroll', looked, { passive: true });
    window.addEventListener('resize', keep);
    chip.addEventListener('click', () => {
      toEnd(true);
      box.focus({ preventScroll: true });
    });

    return {
      put,
      state,
      remove,
      current,
      arrived,
      keep,
      toEnd,
      button,
      el,
      empty: () => !rows.length,
      last: () => Math.max.apply(null, [0].concat(Array.from(bySeq.keys()))),
      /** Where to ask on from: a little before the last, for edits and late commits. */
      after() {
        const seqs = Array.from(bySeq.keys()).sort((a, b) => b - a);
        return seqs.length > 10 ? seqs[10] : 0;
      },
    };
  };
})((window.TroGiup = window.TroGiup || {}));
