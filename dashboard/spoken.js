// What assistive technology has to know and Streamlit does not tell: the language of the page, and
// that the menu is a row of links under headings (its list has children that no list may have).
(() => {
  document.documentElement.lang = "LANG";
  const menu = '[data-testid="stSidebarNavItems"]';
  const tell = () => {
    for (const part of document.querySelectorAll(`${menu}, ${menu} li`)) {
      if (!part.hasAttribute("role")) part.setAttribute("role", "presentation");
    }
  };
  tell();
  window.vigieTells ??= new MutationObserver(tell);
  window.vigieTells.observe(document.body, { childList: true, subtree: true });
})();
