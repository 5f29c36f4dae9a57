/* A file on its way to the server: made smaller where that helps, sent with its progress. */
(function (app) {
  'use strict';

  const MB = 1024 * 1024;
  const LARGE = 2 * MB;
  const SIDE = 2560;
  const QUIET = 45000; // ms without a byte moving: the line is dead
  // Before Chrome 81 a canvas forgets which way up the camera was held.
  const upright = window.CSS && CSS.supports && CSS.supports('image-orientation', 'from-image');

  app.LARGEST = 20 * MB; // as bot/media.py has it: no use to send it over a thin line first
  app.tooLarge = (blob) =>
    `Tệp này nặng ${Math.round(blob.size / MB)} MB, quá lớn. Xin gửi ảnh, hoặc video ngắn dưới 20 MB.`;

  function decoded(blob) {
    return new Promise((resolve, reject) => {
      const picture = new Image();
      const url = URL.createObjectURL(blob);
      picture.onload = () => resolve({ picture, url });
      picture.onerror = () => {
        URL.revokeObjectURL(url);
        reject(new Error('not decodable'));
      };
      picture.src = url;
    });
  }

  /** The photograph as a JPEG of at most 2560 px, or itself when that is no gain (HEIC, GIF). */
  app.shrunk = async function (blob) {
    if (blob.size <= LARGE || !/^image\/(?!gif|svg)/.test(blob.type) || !upright) return blob;
    let source = null;
    try {
      source = await decoded(blob);
      const { naturalWidth: w, naturalHeight: h } = source.picture;
      const scale = Math.min(1, SIDE / Math.max(w, h));
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(w * scale);
      canvas.height = Math.round(h * scale);
      const brush = canvas.getContext('2d');
      brush.fillStyle = '#fff'; // a transparent PNG would turn black
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(source.picture, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
      canvas.width = canvas.height = 0; // gives the memory back at once
      return small && small.size < blob.size ? small : blob;
    } catch (_) {
      return blob;
    } finally {
      if (source) URL.revokeObjectURL(source.url);
    }
  };

  /** @returns {Promise<{id, kind}>} rejects with {text, final}: final when trying again is useless */
  app.upload = function (url, blob, name, moved) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let watch = 0;
      const alive = () => {
        clearTimeout(watch);
        watch = setTimeout(() => request.abort(), QUIET);
      };
      const failed = (text, final) => {
        clearTimeout(watch);
        reject({ text, final });
      };
      request.open('POST', url);
      request.upload.onprogress = (e) => {
        alive();
        if (e.lengthComputable) moved(e.loaded / e.total);
      };
      request.onerror = request.onabort = () => failed('', false);
      request.onload = () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText) || {};
        } catch (_) {
          // a proxy's page, judged by its status alone
        }
        const { status } = request;
        if (status >= 200 && status < 300 && answer.id) {
          clearTimeout(watch);
          resolve({ id: String(answer.id), kind: answer.kind });
          return;
        }
        const passing = status < 400 || status >= 500 || [401, 408, 425, 429].includes(status);
        const tooLarge = status === 413 ? 'Tệp quá lớn.' : 'Máy chủ không nhận tệp này.';
        failed(answer.error || tooLarge, !passing);
      };
      const form = new FormData();
      form.append('file', blob, name);
      alive();
      request.send(form);
    });
  };
})((window.TroGiup = window.TroGiup || {}));
