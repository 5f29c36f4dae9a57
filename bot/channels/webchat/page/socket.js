/* One socket that comes back: 1 to 30 s with jitter, at once when the network or the reader returns. */
(function (app) {
  'use strict';

  const GREETING = 25000; // ms to connect and get the history on a slow line
  const ANSWER = 20000; // ms for an ack
  const AWAY = 30000; // ms hidden after which a phone's socket is not to be trusted
  const PING = 75000; // ms of silence, once the server has shown that it pings

  /**
   * @param {string} url
   * @param {{hello: function(): object, frame: function(object), state: function(boolean)}} on
   *   state(true) once the history has come, state(false) when the line is lost
   */
  app.socket = function (url, on) {
    let ws = null;
    let ready = false;
    let tries = 0;
    let timer = 0;
    let opened = 0;
    let heard = 0;
    let pings = false;
    let hidden = 0;
    const unanswered = new Map(); // id -> when sent on this connection

    function open() {
      clearTimeout(timer);
      drop();
      opened = heard = Date.now();
      pings = false;
      let mine;
      try {
        mine = ws = new WebSocket(url);
      } catch (_) {
        later();
        return;
      }
      mine.onopen = () => mine.send(JSON.stringify(on.hello()));
      mine.onclose = lost;
      mine.onmessage = (e) => {
        let frame;
        try {
          frame = JSON.parse(e.data);
        } catch (_) {
          return;
        }
        heard = Date.now();
        if (frame.type === 'ping') pings = true;
        if (frame.type === 'ack' || frame.type === 'refused') unanswered.delete(frame.id);
        on.frame(frame);
        if (frame.type === 'history' && mine === ws && !ready) {
          ready = true;
          tries = 0;
          on.state(true);
        }
      };
    }

    function drop() {
      unanswered.clear();
      if (!ws) return;
      ws.onopen = ws.onmessage = ws.onclose = null;
      ws.close();
      ws = null;
      if (ready) {
        ready = false;
        on.state(false);
      }
    }

    function later() {
      clearTimeout(timer);
      const most = Math.min(30000, 1000 * Math.pow(2, tries));
      tries = Math.min(tries + 1, 5);
      timer = setTimeout(open, most * (0.5 + Math.random() / 2));
    }

    function lost() {
      drop();
      on.state(false);
      later();
    }

    setInterval(() => {
      if (!ws) return;
      const now = Date.now();
      const oldest = Math.min.apply(null, Array.from(unanswered.values()).concat(now));
      if (!ready && now - opened > GREETING) lost();
      else if (ready && now - Math.max(oldest, heard) > ANSWER && unanswered.size) lost();
      else if (ready && pings && !document.hidden && now - heard > PING) lost();
    }, 5000);

    window.addEventListener('online', () => {
      tries = 0;
      open();
    });
    window.addEventListener('offline', lost);
    window.addEventListener('pageshow', (e) => e.persisted && open());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        hidden = Date.now();
        return;
      }
      const now = Date.now();
      if (ready ? now - hidden < AWAY : ws && now - opened < 5000) return;
      tries = 0;
      open();
    });

    return {
      open,
      ready: () => ready,
      /** At most once a connection for each id. */
      send(frame) {
        if (!ready || ws.readyState !== WebSocket.OPEN || unanswered.has(frame.id)) return;
        unanswered.set(frame.id, Date.now());
        ws.send(JSON.stringify(frame));
      },
      /** A frame that needs no answer. */
      say(frame) {
        if (ws && ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(frame));
      },
      forget: (id) => unanswered.delete(id),
    };
  };
})((window.TroGiup = window.TroGiup || {}));
