/* A message of mine before the server has it: how it is kept, shown and sent. */
(function (app) {
  'use strict';

  function compose(parts, order) {
    const entry = {
      id: app.uuid(),
      text: '',
      button: null,
      label: null,
      media: [],
      position: null,
      sent_at: new Date().toISOString(),
      order,
    };
    return Object.assign(entry, parts);
  }

  function asItem(entry, seq) {
    return {
      seq: seq === undefined ? null : seq,
      order: entry.order,
      anchor: entry.refused ? entry.anchor : null,
      from: 'me',
      id: entry.id,
      at: entry.sent_at,
      text: entry.text || entry.label || '',
      buttons: [],
      media: entry.media,
      position: entry.position,
      wants: null,
      qr: null,
      edited: false,
    };
  }

  function frame(entry) {
    const { id, text, button, label, position, sent_at } = entry;
    const media = entry.media.map((m) => ({ id: m.id, kind: m.kind }));
    return { type: 'message', id, text, button, label, media, position, sent_at };
  }

  /** How far it is. @param now {{offline: boolean, slow: string, done: function(part): number}} */
  function progress(entry, now) {
    const missing = entry.media.filter((m) => !m.id).length;
    const parts = entry.media.map((m) => (m.id ? 1 : now.done(m)));
    if (entry.refused) {
      const rest = entry.text || entry.media.some((m) => !m.bad);
      const bad = entry.media.some((m) => m.bad);
      return {
        kind: 'refused',
        text: 'Không gửi được: ' + entry.refused,
        editable: Boolean(entry.text) && !entry.media.length,
        without: rest && bad ? 'Bỏ tệp lỗi, gửi phần còn lại' : '',
      };
    }
    if (now.offline) {
      const text = 'Chưa gửi được – sẽ tự gửi khi có mạng.';
      return { kind: 'waiting', text, progress: missing ? parts : null };
    }
    if (missing && entry.problem) {
      const text = `Chưa gửi được – ${entry.problem} Sẽ tự thử lại.`;
      return { kind: 'failed', text, progress: parts };
    }
    if (missing) {
      const share = Math.floor((100 * parts.reduce((a, b) => a + b, 0)) / parts.length);
      return { kind: 'sending', text: `Đang tải lên ${share}%`, progress: parts };
    }
    if (now.slow) return { kind: 'waiting', text: now.slow };
    return { kind: 'sending', text: 'Đang gửi…' };
  }

  app.entry = { compose, asItem, frame, progress };
})((window.TroGiup = window.TroGiup || {}));
