/** Follows `PAGE_SCRIPT`; for pages whose secret comes in the fragment of their address, which reaches no server. */
export const FRAGMENT_SCRIPT = `
const takeFragment = () => {
  const fragment = location.hash.slice(1);
  // So that the secret stays in no history, and nobody reads it off the screen.
  history.replaceState(null, '', location.pathname);
  addEventListener('hashchange', () => location.reload());
  return fragment;
};

// What is no id at all, such as '..', would lead to another path.
const pathWith = (path, id) => {
  const isId = /^[A-Za-z0-9_-]{1,200}$/.test(id);
  return isId ? path.replace(/:[a-zA-Z]+/, id) : undefined;
};
`
