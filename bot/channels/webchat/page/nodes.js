/* What one message is made of: words, files, a place, a QR code, buttons. */
(function (app) {
  'use strict';

  const NAMES = { photo: 'Ảnh', voice: 'Ghi âm', video: 'Phim', document: 'Tệp' };
  const STEERING = /^c:(?:quaylai|boqua|huy|gapcanbo)(?::|$)/; // c:huy:… names the question it cancels
  const steering = (b) => STEERING.test(b.token);

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

  function album(item, does) {
    const node = el('div', 'album n' + Math.min(item.media.length, 3));
    item.media.forEach((m, n) => {
      const url = does.preview(m) || (m.id && does.media(m.id));
      if (url) node.append(mediaNode(m, url, n, item.media.length));
      else node.append(el('div', 'media missing', NAMES[m.kind] || NAMES.document));
    });
    return node;
  }

  function code(text, does) {
    const qr = el('div', 'qr');
    if (/^https:\/\//.test(text)) qr.append(app.link(text, text));
    else qr.textContent = text;
    const img = qr.appendChild(el('img'));
    img.alt = 'Mã QR của liên kết này';
    img.width = img.height = 200;
    img.src = does.qr(text);
    return qr;
  }

  /** The parts of a bubble, in their order. */
  function contents(item, does) {
    const parts = [el('span', 'sr', item.from === 'me' ? 'Tôi: ' : 'Trợ giúp: ')];
    if (item.media.length) parts.push(album(item, does));
    if (item.text) parts.push(app.rich(el('div', 'text'), item.text, item.from === 'bot'));
    if (item.position) parts.push(place(item.position));
    if (item.qr) parts.push(code(item.qr, does));
    return parts;
  }

  /** The buttons under a message, or null. An answer is of use once, a command always. */
  function choices(item, does) {
    const offer = item.wants && does.offers(item.wants);
    if (!item.buttons.length && !offer) return null;
    const node = el('div', 'choices');
    node.setAttribute('role', 'group');
    node.setAttribute('aria-label', 'Chọn câu trả lời');
    if (offer) node.append(button(offer, 'choice offer', (e) => does.ask(item.wants, e.target)));
    const steers = el('div', 'steers');
    const asks = (b) => /^a:/.test(b.token);
    const question = item.wants || item.buttons.some(asks) || item.buttons.every(steering);
    let pressed = 0;
    item.buttons.forEach((b) => {
      const press = () => {
        if (Date.now() - pressed < 700) return; // a trembling finger
        pressed = Date.now();
        does.press(b);
      };
      const kind = asks(b) ? ' answer' : b.token === 'c:sos' ? ' danger' : '';
      const steer = question && steering(b);
      const made = button(b.label, 'choice' + (steer ? ' steer' : kind), press);
      made.dataset.token = b.token;
      (steer ? steers : node).append(made);
    });
    if (steers.firstChild) node.append(steers);
    return node;
  }

  /** A command that is offered again further down is shown there alone. */
  function offerOnce(rows) {
    const offered = new Set();
    for (let n = rows.length - 1; n >= 0; n -= 1) {
      if (!rows[n].choices) continue;
      const buttons = Array.from(rows[n].choices.querySelectorAll('[data-token]'));
      buttons.forEach((b) => (b.hidden = offered.has(b.dataset.token)));
      buttons.forEach((b) => offered.add(b.dataset.token));
    }
  }

  Object.assign(app, { el, button, contents, choices, offerOnce });
})((window.TroGiup = window.TroGiup || {}));
