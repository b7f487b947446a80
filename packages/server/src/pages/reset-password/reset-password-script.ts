/** Follows `PAGE_SCRIPT`. */
export const RESET_PASSWORD_SCRIPT = `
const token = new URLSearchParams(location.hash.slice(1)).get('token');
// So that the token stays in no history, and nobody reads it off the screen.
history.replaceState(null, '', location.pathname);
addEventListener('hashchange', () => location.reload());

const passwordForm = find('password-form');
const problemOf = ({ newPassword, repeatedPassword }) => {
  if ([...newPassword.value].length < newPassword.minLength)
    return ['newPassword', 'Must be at least ' + newPassword.minLength + ' characters'];
  if (newPassword.value !== repeatedPassword.value)
    return ['repeatedPassword', 'This is not the same as above'];
  return undefined;
};
passwordForm.addEventListener('submit', async event => {
  event.preventDefault();
  sayNothing(passwordForm);
  const problem = problemOf(passwordForm.elements);
  if (problem) {
    say(passwordForm, ...problem);
    focusProblem(passwordForm);
    return;
  }
  const newPassword = passwordForm.elements.newPassword.value;
  const isSet = await send(passwordForm, passwordForm.dataset.path, { token, newPassword });
  if (!isSet) return;
  passwordForm.reset();
  show('done');
});

if (token) show('choose');
else endWith();
`
