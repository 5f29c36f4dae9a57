/* Writing: the text field with its draft, and the tray of files that go with the text. */
(function (app) {
  'use strict';

  const ALBUM = 10; // files in one message

  app.composing = function (page) {
    const { dom } = page;

    let tray = [];

    function kindOf(file) {
      if (/^image\//.test(file.type) || /\.(heic|heif|jpe?g|png|webp)$/i.test(file.name)) return 'photo';
      if (/^video\//.test(file.type)) return 'video';
      return /^audio\//.test(file.type) ? 'voice' : 'document';
    }

    function attach(file, name) {
      const part = { file: app.uuid(), id: null, kind: kindOf(file), name: name || file.name || 'tep' };
      // the file itself is not written into localStorage
      Object.defineProperty(part, 'blob', { value: file });
      page.previews.set(part.file, URL.createObjectURL(file));
      return part;
    }

    function add(files) {
      const room = ALBUM - tray.length;
      // a photograph is made smaller before it goes
      const fits = (file) => file.size <= app.LARGEST || kindOf(file) === 'photo';
      const good = Array.from(files).filter(fits);
      const large = Array.from(files).find((file) => !fits(file));
      if (large) page.say(app.tooLarge(large));
      else if (good.length > room) page.say(`Mỗi lần gửi được nhiều nhất ${ALBUM} tệp.`);
      else page.say('');
      tray = tray.concat(good.slice(0, room).map((file) => attach(file)));
      trayShown();
      if (tray.length) dom.send.focus({ preventScroll: true });
    }

    function trayShown() {
      dom.tray.textContent = '';
      dom.tray.hidden = !tray.length;
      tray.forEach((part, n) => {
        const name = part.kind === 'photo' ? `Ảnh ${n + 1}` : part.name;
        const li = dom.tray.appendChild(app.el('li'));
        const plain = () => li.insertBefore(app.el('span', 'name', name), li.lastChild);
        if (part.kind === 'photo') {
          const img = li.appendChild(app.el('img'));
          img.alt = name;
          img.onerror = () => {
            img.remove();
            plain();
          };
          img.src = page.previews.get(part.file);
        }
        const remove = app.button('Bỏ', 'small', () => {
          tray = tray.filter((other) => other !== part);
          trayShown();
          dom.text.focus();
        });
        remove.setAttribute('aria-label', `Bỏ ${name}`);
        li.append(remove);
        if (part.kind !== 'photo') plain();
      });
      typed();
      page.log.keep();
    }

    const DRAFT = 'trogiup.draft.' + (page.as || 'public');

    function typed() {
      try {
        sessionStorage.setItem(DRAFT, dom.text.value);
      } catch (_) {
        // the draft lives in the field alone
      }
      dom.text.style.height = 'auto';
      dom.text.style.height = `${dom.text.scrollHeight + 2}px`;
      dom.send.classList.toggle('full', Boolean(dom.text.value.trim() || tray.length));
      page.log.keep();
    }

    function submit() {
      const text = dom.text.value.trim();
      if (!text && !tray.length) {
        dom.text.focus();
        return;
      }
      page.say('');
      const media = tray;
      tray = [];
      dom.text.value = '';
      trayShown();
      page.queue({ text, media });
      dom.text.focus({ preventScroll: true });
    }

    try {
      dom.text.value = sessionStorage.getItem(DRAFT) || '';
    } catch (_) {
      // no draft then
    }

    const on = (node, event, does) => node.addEventListener(event, does);
    on(dom.composer, 'submit', (e) => {
      e.preventDefault();
      submit();
    });
    on(dom.text, 'input', typed);
    on(dom.text, 'keydown', (e) => {
      const composing = e.isComposing || e.keyCode === 229; // Telex and VNI are still at work
      if (e.key !== 'Enter' || e.shiftKey || composing || !page.desk.matches) return;
      e.preventDefault();
      submit();
    });
    [
      [dom.camera, dom.takephoto],
      [dom.photo, dom.pickphoto],
      [dom.file, dom.pickfile],
    ].forEach(([button, input]) => {
      on(button, 'click', () => input.click());
      on(input, 'change', () => {
        add(input.files);
        input.value = '';
      });
    });
    on(dom.text, 'paste', (e) => {
      const { files, types } = e.clipboardData;
      if (!files.length || types.includes('text/plain')) return; // cells of a sheet come as both
      e.preventDefault();
      add(files);
    });
    on(document, 'dragover', (e) => e.dataTransfer.types.includes('Files') && e.preventDefault());
    on(document, 'drop', (e) => {
      if (!e.dataTransfer.files.length) return;
      e.preventDefault();
      add(e.dataTransfer.files);
    });

    return { attach, typed };
  };
})((window.TroGiup = window.TroGiup || {}));
