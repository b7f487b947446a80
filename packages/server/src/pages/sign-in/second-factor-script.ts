/**
 * Follows `PAGE_SCRIPT`; for pages with `SECOND_FACTOR_STEP`, and `SIGNED_IN_STEP` if they do not say themselves what
 * follows. A page may ask again and again, each time for another sign-in.
 */
export const SECOND_FACTOR_SCRIPT = `
const showSignedIn = ({ user }) => {
  find('signed-in-as').textContent = 'You are signed in as ' + user.email + '.';
  show('signed-in');
};

const askSecondFactor = ({ challengeToken, methods }, onSignedIn = showSignedIn, onRefusal = refuse) => {
  const forms = [...document.querySelectorAll('form[data-factor]')];
  const buttons = [...document.querySelectorAll('button[data-choose]')];
  const choose = factor => {
    for (const form of forms) form.hidden = form.dataset.factor !== factor;
    for (const button of buttons) {
      const other = button.dataset.choose;
      button.hidden = !methods.includes(other) || (other === factor && other !== 'email');
    }
    show('second-factor');
    if (factor === 'email')
      void send(find('email-form'), find('second-factor').dataset.sendCodePath, { challengeToken }, onRefusal);
  };
  for (const button of buttons) button.onclick = () => choose(button.dataset.choose);
  for (const form of forms) {
    form.reset();
    sayNothing(form);
    form.onsubmit = async event => {
      event.preventDefault();
      const code = form.elements.code.value;
      const signedIn = await send(form, form.dataset.path, { code, challengeToken }, onRefusal);
      if (signedIn) onSignedIn(signedIn);
    };
  }
  choose(methods[0]);
};
`
