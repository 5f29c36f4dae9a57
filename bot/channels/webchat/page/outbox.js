/* What is not yet with the server: messages in localStorage, one key each (two tabs must not
   overwrite each other), their files in IndexedDB. Without either it works from memory. */
(function (app) {
  'use strict';

  function files() {
    const memory = new Map();
    let opened = null;

    function database() {
      opened =
        opened ||
        new Promise((resolve) => {
          try {
            const asked = indexedDB.open('trogiup', 1);
            asked.onupgradeneeded = () => asked.result.createObjectStore('files');
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = asked.onblocked = () => resolve(null);
          } catch (_) {
            resolve(null);
          }
        });
      return opened;
    }

    async function ask(mode, request) {
      const db = await database();
      if (!db) return null;
      return new Promise((resolve) => {
        try {
          const work = db.transaction('files', mode);
          const asked = request(work.objectStore('files'));
          work.oncomplete = () => resolve(asked.result);
          work.onerror = work.onabort = () => resolve(null);
        } catch (_) {
          resolve(null);
        }
      });
    }

    return {
      put(key, blob) {
        memory.set(key, blob);
        return ask('readwrite', (store) => store.put(blob, key));
      },
      async get(key) {
        return memory.get(key) || (await ask('readonly', (store) => store.get(key))) || null;
      },
      drop(key) {
        memory.delete(key);
        return ask('readwrite', (store) => store.delete(key));
      },
      async keep(wanted) {
        const keys = (await ask('readonly', (store) => store.getAllKeys())) || [];
        keys.filter((key) => !wanted.has(key) && !memory.has(key)).forEach((key) => this.drop(key));
      },
    };
  }

  /** @param {string} as the role in demonstration mode, or '' */
  app.outbox = function (as) {
    const root = 'trogiup.out.';
    const prefix = root + (as || 'public') + '.';
    const store = files();
    let last = 0;

    function read(start) {
      const found = [];
      try {
        for (let n = 0; n < localStorage.length; n += 1) {
          const key = localStorage.key(n);
          if (!key.startsWith(start)) continue;
          try {
            const entry = JSON.parse(localStorage.getItem(key));
            if (entry && entry.id && Array.isArray(entry.media)) found.push(entry);
          } catch (_) {
            localStorage.removeItem(key);
          }
        }
      } catch (_) {
        // storage is forbidden here
      }
      return found.sort((a, b) => a.order - b.order);
    }

    return {
      files: store,
      load() {
        const mine = read(prefix);
        const wanted = new Set();
        read(root).forEach((entry) => entry.media.forEach((m) => wanted.add(m.file)));
        store.keep(wanted);
        last = mine.reduce((most, entry) => Math.max(most, entry.order), 0);
        return mine;
      },
      order() {
        last = Math.max(Date.now(), last + 1);
        return last;
      },
      save(entry) {
        try {
          localStorage.setItem(prefix + entry.id, JSON.stringify(entry));
        } catch (_) {
          // full or forbidden: the page still holds it
        }
      },
      remove(entry) {
        try {
          localStorage.removeItem(prefix + entry.id);
        } catch (_) {
          // as above
        }
        entry.media.forEach((m) => store.drop(m.file));
      },
    };
  };
})((window.TroGiup = window.TroGiup || {}));
