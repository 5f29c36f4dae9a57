/* Where I am, if the browser may tell. */
(function (app) {
  'use strict';

  const DENIED =
    'Trình duyệt chưa được phép xem vị trí. Xin bấm biểu tượng ổ khoá cạnh địa chỉ trang → Vị trí → Cho phép, hoặc gõ tên thôn, xã và một chỗ dễ nhận ra.';
  const UNKNOWN =
    'Máy chưa tìm được vị trí. Xin bật Định vị (GPS), ra chỗ thoáng rồi thử lại, hoặc gõ tên thôn, xã.';
  const SLOW = 'Tìm vị trí lâu quá. Xin thử lại, hoặc gõ tên thôn, xã và một chỗ dễ nhận ra.';
  const WHY = { 1: DENIED, 2: UNKNOWN, 3: SLOW };

  /** Browsers tell a position over https and on localhost only. */
  app.canLocate = () => Boolean(window.isSecureContext && navigator.geolocation);

  function position(options) {
    return new Promise((resolve, reject) =>
      navigator.geolocation.getCurrentPosition(resolve, reject, options)
    );
  }

  async function found() {
    try {
      return await position({ enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
    } catch (e) {
      if (e.code === 1) throw e;
      return position({ enableHighAccuracy: false, timeout: 10000, maximumAge: 300000 });
    }
  }

  app.placing = function (page) {
    const { dom, say } = page;
    let busy = false;

    async function locate(target) {
      if (busy) return;
      busy = true;
      const label = target && target.textContent;
      if (target) target.textContent = 'Đang tìm vị trí…';
      dom.place.setAttribute('aria-busy', 'true');
      say('');
      try {
        const { latitude, longitude, accuracy } = (await found()).coords;
        page.queue({ position: { lat: latitude, lon: longitude } });
        const km = Math.round(accuracy / 1000);
        if (km > 1) {
          say(`Vị trí này chỉ đúng trong khoảng ${km} km. Xin gõ thêm tên thôn, xóm hoặc chỗ dễ nhận ra.`);
        }
      } catch (e) {
        say(WHY[e.code] || UNKNOWN);
      }
      busy = false;
      dom.place.removeAttribute('aria-busy');
      if (target) target.textContent = label;
    }

    dom.place.hidden = !app.canLocate();
    dom.place.addEventListener('click', () => locate());
    return { locate };
  };
})((window.TroGiup = window.TroGiup || {}));
