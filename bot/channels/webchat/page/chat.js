/* The page put together: what the server says, what it asks for, and the line itself. */
(function (app) {
  'use strict';

  const query = new URLSearchParams(location.search);
  const as = query.get('as') || '';
  const start = query.get('start') || ''; // the word of a link or QR code
  const framed = window.parent !== window;
  const PATIENCE = 3000; // ms before a lost line is mentioned
  const ROLES = {
    citizen: 'Người dân',
    village_head: 'Trưởng thôn',
    officer: 'Cán bộ xã',
    leader: 'Lãnh đạo xã',
  };

  const dom = {};
  document.querySelectorAll('[id]').forEach((node) => {
    dom[node.id] = node;
  });
  const title = (ROLES[as] ? ROLES[as] + ' – ' : '') + document.title;

  let patience = 0;
  let loaded = false;
  let wanted = null;
  let unseen = 0;
  let typingEnds = 0;

  // What the parts of the page have in common; each part adds what it offers the others.
  const page = {
    as,
    dom,
    desk: window.matchMedia('(hover: hover) and (pointer: fine)'),
    previews: new Map(), // file key or media id -> blob URL
    offline: false,
    url: (path) => (as ? `${path}${path.includes('?') ? '&' : '?'}as=${encodeURIComponent(as)}` : path),
    say,
    refresh,
  };

  // --- receiving ------------------------------------------------------------------------------

  /** Returns true for news: something of the service that was not there before. */
  function take(raw) {
    const item = Object.assign({ id: null, position: null, wants: null, qr: null }, raw);
    item.text = raw.text || '';
    item.buttons = raw.buttons || [];
    item.media = raw.media || [];
    if (item.from !== 'me' && !/^version-/.test(item.id)) item.id = null;
    else if (item.id) page.settled(item.id);
    return page.log.put(item) && item.from === 'bot';
  }

  function history({ items, more }) {
    const first = !loaded;
    loaded = true;
    const before = page.log.last();
    const news = (items || []).filter(take).length;
    refresh(!first);
    if (first) {
      dom.older.hidden = !more;
      dom.welcome.hidden = !page.log.empty();
      page.log.toEnd(true);
      setTimeout(() => dom.log.setAttribute('aria-live', 'polite'), 800); // not all of it read out
      return;
    }
    if (news) heard(news);
    if (more && page.log.last() > before) page.socket.say({ type: 'hello', after: page.log.last() });
  }

  function heard(count) {
    dom.typing.hidden = true;
    page.log.arrived(false);
    if (framed) window.parent.postMessage({ unread: true, as }, location.origin);
    if (!document.hidden) return;
    unseen += count;
    document.title = `(${unseen}) ${title}`;
  }

  const takes = {
    history,
    item({ item }) {
      const news = take(item);
      dom.welcome.hidden = true;
      refresh(news);
      if (news) heard(1);
    },
    ack({ id, seq }) {
      const entry = page.settled(id);
      if (entry) page.log.put(page.asItem(entry, seq));
      refresh(false);
    },
    refused({ id, text }) {
      page.refused(id, text);
    },
    later({ id, seconds, text }) {
      page.later(id, seconds, text);
    },
    typing({ on }) {
      clearTimeout(typingEnds);
      dom.typing.hidden = !on;
      if (!on) return;
      typingEnds = setTimeout(() => (dom.typing.hidden = true), 20000);
      page.log.arrived(false, true);
    },
  };

  function connection(up) {
    if (up) {
      clearTimeout(patience);
      patience = 0;
      mention(false);
      page.resume();
      return;
    }
    dom.typing.hidden = true;
    if (patience) return; // a failed attempt does not start the waiting anew
    patience = setTimeout(() => mention(true), navigator.onLine ? PATIENCE : 0);
  }

  function mention(lost) {
    page.offline = lost;
    dom.bannertext.textContent = lost
      ? `${loaded ? 'Mất kết nối' : 'Chưa kết nối được'} – tin nhắn sẽ tự gửi lại khi có mạng.`
      : '';
    dom.banner.hidden = !lost;
    page.showAll();
    page.log.keep();
  }

  function say(text) {
    dom.noticetext.textContent = text;
    dom.notice.hidden = !text;
    page.log.keep();
  }

  // --- what the service asks for ---------------------------------------------------------------

  const OFFERS = { position: '📍 Gửi vị trí', photo: '📷 Gửi ảnh', contact: '☎ Nhập số điện thoại' };

  function ask(wants, target) {
    if (wants === 'position') page.locate(target);
    else if (wants === 'photo') dom.pickphoto.click();
    else dom.text.focus();
  }

  /** After every change: which buttons count, and what is emphasised. */
  function refresh(live) {
    const wants = page.log.current();
    dom.place.classList.toggle('wanted', wants === 'position');
    dom.photo.classList.toggle('wanted', wants === 'photo');
    dom.camera.classList.toggle('wanted', wants === 'photo');
    if (wants !== wanted) telephone(wants === 'contact');
    page.log.keep();
    if (wants === wanted) return;
    wanted = wants;
    const idle = [document.body, dom.log, dom.text].includes(document.activeElement);
    if (live && wants === 'contact' && idle && !framed) dom.text.focus({ preventScroll: true });
  }

  function telephone(on) {
    dom.hint.hidden = !on;
    dom.text.inputMode = on ? 'tel' : 'text';
    dom.text.autocomplete = on ? 'tel' : 'off';
    if (on) dom.text.setAttribute('aria-describedby', 'hinttext');
    else dom.text.removeAttribute('aria-describedby');
  }

  function letters() {
    telephone(false);
    dom.text.blur(); // a keyboard changes its kind only when it opens anew
    dom.text.focus();
  }

  // --- start ----------------------------------------------------------------------------------

  page.log = app.log(
    { box: dom.log, list: dom.list, chip: dom.chip },
    {
      media: (id) => page.url('/chat/media/' + encodeURIComponent(id)),
      preview: (m) => page.previews.get(m.id) || page.previews.get(m.file),
      qr: (text) => page.url('/chat/qr?text=' + encodeURIComponent(text)),
      press: (b) => page.queue({ button: b.token, label: b.label }),
      offers: (wants) => (wants === 'position' && !app.canLocate() ? '' : OFFERS[wants] || ''),
      ask,
      retry: (id, without) => page.retry(id, without),
      discard: (id) => page.discard(id),
      rewrite: (id) => page.rewrite(id),
    }
  );
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const socket = page.url('/chat/socket' + (start ? `?start=${encodeURIComponent(start)}` : ''));
  page.socket = app.socket(`${scheme}://${location.host}${socket}`, {
    hello: () => ({ type: 'hello', after: loaded ? page.log.after() : 0 }),
    frame: (f) => Object.prototype.hasOwnProperty.call(takes, f.type) && takes[f.type](f),
    state: connection,
  });
  Object.assign(page, app.sending(page), app.composing(page), app.placing(page));
  app.voicing(page);

  const press = (node, button, label) =>
    node.addEventListener('click', () => page.queue({ button, label }));
  press(dom.menu, 'c:menu', 'Trình đơn');
  press(dom.welcomemenu, 'c:menu', 'Trình đơn');
  press(dom.sos, 'c:sos', '🆘 Khẩn cấp');
  press(dom.welcomesos, 'c:sos', '🆘 Khẩn cấp');
  dom.reconnect.addEventListener('click', () => page.socket.open());
  dom.letters.addEventListener('click', letters);
  dom.noticeclose.addEventListener('click', () => {
    say('');
    dom.text.focus();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
  });
  if (window.visualViewport) {
    // An iPhone lays its keyboard over the page instead of making room.
    window.visualViewport.addEventListener('resize', () => {
      const { height, scale } = window.visualViewport;
      const over = window.innerHeight - height > 60 && scale < 1.05;
      document.body.style.height = over ? `${height}px` : '';
      if (over) window.scrollTo(0, 0);
      page.log.keep();
    });
  }

  document.documentElement.classList.toggle('framed', framed);
  document.documentElement.classList.toggle('touch', !page.desk.matches);
  if (ROLES[as]) {
    document.documentElement.classList.add(as);
    dom.role.textContent = `Bản chạy thử – ${ROLES[as]}`;
    document.title = title;
  }
  if (ROLES[as] && as !== 'citizen') {
    dom.welcometitle.textContent = `Chào ${ROLES[as].toLowerCase()}!`;
    dom.welcometext.textContent = 'Việc mới của địa bàn sẽ hiện ở đây, kèm nút bấm để xử lý.';
    dom.welcomehow.textContent = 'Bấm Trình đơn để xem các việc làm được, hoặc gõ lệnh, gõ mã hồ sơ:';
    dom.welcomesos.hidden = true;
  }
  page.typed();
  page.restore();
  connection(false);
  page.socket.open();
})(window.TroGiup);
