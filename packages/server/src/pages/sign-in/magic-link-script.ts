/** Follows `PAGE_SCRIPT` and `SECOND_FACTOR_SCRIPT`. */
export const MAGIC_LINK_SCRIPT = `
const token = new URLSearchParams(location.search).get('token');
const magicLinkForm = find('magic-link-form');
onSubmit(magicLinkForm, async () => {
  const result = await send(magicLinkForm, magicLinkForm.dataset.path, { token });
  if (!result) return;
  // The token is used up; before, a page that is loaded again still needs it.
  history.replaceState(null, '', location.pathname);
  if (result.callbackURL) location.replace(result.callbackURL);
  else if (result.challengeToken) askSecondFactor(result);
  else showSignedIn(result);
});
show('ask');
`
