/* Text of a message -> nodes; dates as people here read them. Foreign text never becomes markup. */
(function (app) {
  'use strict';

  const TOKENS = new RegExp(
    [
      'https://[^\\s<>"«»“”]+',
      'tel:\\+?[0-9][0-9 .-]*[0-9]',
      '(?:\\+84[ .-]?[0-9]{2,3}|0[0-9]{2,3})[ .-]?(?:[0-9][ .])?[0-9]{3,4}[ .-]?[0-9]{3,4}',
      '11[1-5]',
      'QN-[2-9A-Z]{4,5}-[2-9A-Z]', // a case code stays on one line
    ].join('|'),
    'g'
  );
  const PHONE = /^(?:\+84|0)(?:[35789]\d{8}|2\d{9})$/;
  // «Điều 112», «115 người» are no numbers to call.
  const CITED = /(?:điều|khoản|điểm|mục|quốc lộ|ql|tỉnh lộ|đường|hẻm|số nhà|trang|phòng)\s*$/i;
  const COUNTED = new RegExp(
    '^\\s*(?:%|(?:người|hộ|khẩu|nhân khẩu|đồng|kg|ký|ngày|tháng|năm|tuổi|triệu|nghìn|ngàn|tỷ|căn' +
      '|ngôi|nhà|mét|m|km|ha|con|trường hợp|hồ sơ|suất)(?:[\\s.,;:!?)]|$))',
    'i'
  );

  function callable(token, before, after) {
    if (/[\p{L}\d_#+.,-]$/u.test(before) || /^[\p{L}\d_]/u.test(after)) return false;
    if (/^[.,:-]\d/.test(after) || /\d:$/.test(before)) return false;
    if (token.length > 3) return PHONE.test(token.replace(/[ .-]/g, ''));
    if (/^\//.test(after) && !/^\/11[1-5](?!\d)/.test(after)) return false;
    if (/\/$/.test(before) && !/(?:^|\D)11[1-5]\/$/.test(before)) return false;
    return !CITED.test(before) && !COUNTED.test(after);
  }

  function link(href, label) {
    const a = document.createElement('a');
    a.href = href;
    a.textContent = label;
    if (href.startsWith('https:')) {
      a.target = '_blank';
      a.rel = 'noopener noreferrer';
    }
    return a;
  }

  function linked(text, into) {
    let done = 0;
    let found;
    TOKENS.lastIndex = 0;
    while ((found = TOKENS.exec(text))) {
      let token = found[0];
      let href = null;
      if (token.startsWith('https://')) {
        token = token.replace(/[.,;:!?)\]}*'…]+$/, '');
        href = token;
      } else if (token.startsWith('QN-')) {
        into.append(text.slice(done, found.index));
        into.appendChild(document.createElement('span')).className = 'code';
        into.lastChild.textContent = token;
        done = found.index + token.length;
        continue;
      } else if (token.startsWith('tel:')) {
        href = 'tel:' + token.slice(4).replace(/[ .-]/g, '');
      } else if (callable(token, text.slice(0, found.index), text.slice(found.index + token.length))) {
        href = 'tel:' + token.replace(/[ .-]/g, '');
      }
      if (!href) {
        TOKENS.lastIndex = found.index + (token.match(/^\+?\d+/) || [token])[0].length;
        continue;
      }
      into.append(text.slice(done, found.index), link(href, token.replace(/^tel:/, '')));
      done = found.index + token.length;
      TOKENS.lastIndex = done;
    }
    into.append(text.slice(done));
    return into;
  }

  /** Fill a node with text: links, telephone numbers and, if told, **bold**. */
  function rich(into, text, bold) {
    const parts = bold ? text.split(/\*\*([^\s*](?:[^*\n]*[^\s*])?)\*\*/) : [text];
    parts.forEach((part, n) => {
      linked(part, n % 2 ? into.appendChild(document.createElement('strong')) : into);
    });
    return into;
  }

  const DAYS = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];

  /** Asia/Ho_Chi_Minh is seven hours ahead all year; read the result with getUTC… */
  function local(at) {
    return new Date((Date.parse(at) || Date.now()) + 7 * 3600 * 1000);
  }

  function day(at) {
    const d = local(at);
    return `${DAYS[d.getUTCDay()]} ${d.getUTCDate()}/${d.getUTCMonth() + 1}/${d.getUTCFullYear()}`;
  }

  function time(at) {
    return local(at).toISOString().slice(11, 16);
  }

  function uuid() {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const b = window.crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = Array.from(b, (x) => (x + 256).toString(16).slice(1)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  Object.assign(app, { rich, link, day, time, uuid });
})((window.TroGiup = window.TroGiup || {}));
