/* A voice note: tap to record, then cancel or send. */
(function (app) {
  'use strict';

  const LONGEST = 180; // seconds
  const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4', 'audio/webm'];

  app.canRecord = function () {
    return Boolean(
      window.isSecureContext &&
        window.MediaRecorder &&
        navigator.mediaDevices &&
        navigator.mediaDevices.getUserMedia
    );
  };

  /**
   * @param {function(string)} tick shows «1:05»
   * @param {function()} full the longest time is reached; the note waits for send or cancel
   * @returns {Promise<{stop: function(): Promise<Blob>, cancel: function()}>}
   */
  app.record = async function (tick, full) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const known = MediaRecorder.isTypeSupported || (() => false);
    const mimeType = TYPES.find((type) => known.call(MediaRecorder, type));
    const options = { audioBitsPerSecond: 24000 };
    if (mimeType) options.mimeType = mimeType;
    const recorder = new MediaRecorder(stream, options);
    const parts = [];
    const began = Date.now();
    const ended = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.ondataavailable = (e) => e.data.size && parts.push(e.data);

    function halt() {
      clearInterval(timer);
      if (recorder.state !== 'inactive') recorder.stop();
      stream.getTracks().forEach((track) => track.stop());
    }

    const timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      tick(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`);
      if (seconds >= LONGEST) {
        halt();
        full();
      }
    }, 250);
    recorder.start(1000);

    return {
      async stop() {
        halt();
        await ended;
        const type = (recorder.mimeType || mimeType || 'audio/webm').split(';')[0];
        return new Blob(parts, { type });
      },
      cancel: halt,
    };
  };

  /** The recorder's place on the page. */
  app.voicing = function (page) {
    const { dom } = page;
    let note = null;

    function recorder(on) {
      dom.recorder.hidden = !on;
      dom.writing.hidden = on;
      dom.clock.textContent = '0:00';
      dom.recordtext.textContent = 'Đang ghi âm';
      dom.recorder.classList.toggle('live', on);
      (on ? dom.recordsend : dom.voice).focus();
      page.log.keep();
    }

    async function record() {
      if (note) return;
      page.say('');
      try {
        note = await app.record(
          (clock) => (dom.clock.textContent = clock),
          () => {
            dom.recordtext.textContent = 'Đã đủ 3 phút, xin bấm Gửi';
            dom.recorder.classList.remove('live');
          }
        );
        recorder(true);
      } catch (e) {
        note = null;
        page.say(
          e && e.name === 'NotAllowedError'
            ? 'Trình duyệt chưa được phép dùng micrô. Xin bấm biểu tượng ổ khoá cạnh địa chỉ trang → Micrô → Cho phép.'
            : 'Không ghi âm được trên máy này. Xin gõ tin nhắn hoặc gửi ảnh.'
        );
      }
    }

    async function recorded(send) {
      const done = note;
      note = null;
      if (!done) return;
      recorder(false);
      if (!send) {
        done.cancel();
        return;
      }
      const blob = await done.stop();
      if (!blob.size) {
        page.say('Chưa ghi được tiếng nào, xin thử lại.');
        return;
      }
      const end = { 'audio/ogg': 'ogg', 'audio/mp4': 'm4a' }[blob.type] || 'webm';
      page.queue({ media: [page.attach(blob, `ghi-am.${end}`)] });
    }

    dom.voice.hidden = !app.canRecord();
    dom.voice.addEventListener('click', record);
    dom.recordcancel.addEventListener('click', () => recorded(false));
    dom.recordsend.addEventListener('click', () => recorded(true));
    dom.recorder.addEventListener('keydown', (e) => e.key === 'Escape' && recorded(false));
  };
})((window.TroGiup = window.TroGiup || {}));
