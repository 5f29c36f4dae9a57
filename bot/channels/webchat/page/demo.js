/* Tabs on narrow screens, and a dot where something new has come. */
(function () {
  'use strict';

  const tabs = Array.from(document.querySelectorAll('[role=tab]'));
  const narrow = window.matchMedia('(max-width: 719px)');
  const person = (tab) => document.getElementById(tab.getAttribute('aria-controls'));

  function mark(tab, unread) {
    tab.classList.toggle('unread', unread);
    if (unread) tab.setAttribute('aria-label', `${tab.textContent}, có tin mới`);
    else tab.removeAttribute('aria-label');
  }

  function show(chosen) {
    tabs.forEach((tab) => {
      const on = tab === chosen;
      tab.setAttribute('aria-selected', String(on));
      tab.tabIndex = on ? 0 : -1;
      person(tab).classList.toggle('shown', on);
    });
    mark(chosen, false);
  }

  tabs.forEach((tab, n) => {
    tab.addEventListener('click', () => show(tab));
    tab.addEventListener('keydown', (e) => {
      const last = tabs.length - 1;
      const step = { ArrowRight: n + 1, ArrowLeft: n - 1, Home: 0, End: last }[e.key];
      if (step === undefined) return;
      e.preventDefault();
      const next = tabs[(step + tabs.length) % tabs.length];
      show(next);
      next.focus();
    });
  });

  window.addEventListener('message', (e) => {
    if (e.origin !== location.origin || !e.data || !e.data.unread) return;
    const tab = tabs.find((one) => one.id === 'tab-' + e.data.as);
    if (tab && tab.getAttribute('aria-selected') !== 'true') mark(tab, true);
  });

  function roles() {
    tabs.forEach((tab) => {
      if (narrow.matches) person(tab).setAttribute('role', 'tabpanel');
      else person(tab).removeAttribute('role');
    });
  }

  narrow.addListener(roles); // addEventListener is younger than the browsers we serve
  roles();
})();
