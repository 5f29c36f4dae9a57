/* The conversation on the screen: one row a message, in order of seq, unsent ones at the end. */
(function (app) {
  'use strict';

  const NEAR = 90; // px from the end that still count as «at the end»
  const { el, button } = app;

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
      const { item, bubble } = row;
      while (bubble.firstChild !== row.meta) bubble.firstChild.remove();
      app.contents(item, does).forEach((part) => bubble.insertBefore(part, row.meta));
      row.edited.textContent = item.edited ? 'đã sửa · ' : '';
      if (row.choices) row.choices.remove();
      row.choices = app.choices(item, does);
      if (row.choices) row.node.append(row.choices);
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
      if (item.seq !== null) return item.place || item.seq;
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
      app.offerOnce(rows);
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
      if (!added && item.from === 'bot' && item.id) {
        if (row.item.seq > item.seq) return false; // an older version came late
        item.place = row.item.place || row.item.seq; // a new version stays where the first one was
      }
      const changed = added || signature(row.item) !== signature(item);
      row.item = item;
      if (item.seq !== null) bySeq.set(item.seq, row);
      if (item.id) byId.set(item.id, row);
      if (changed) body(row);
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
      if (end - box.scrollTop < NEAR) chip.hidden = true;
      else point('Đọc tiếp');
      looked();
    }

    /** Something was added; ``slight`` is not worth a chip. */
    function arrived(mine, slight) {
      if (mine || follow) {
        toEnd(mine);
      } else if (!slight) {
        point('Tin mới');
      }
    }

    function point(label) {
      chip.firstChild.data = label + ' ';
      chip.hidden = false;
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
