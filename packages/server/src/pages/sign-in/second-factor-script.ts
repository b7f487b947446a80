/** Follows `PAGE_SCRIPT`; for pages with `SECOND_FACTOR_STEPS`. */
export const SECOND_FACTOR_SCRIPT = `
const showSignedIn = ({ user }) => {
  find('signed-in-as').textContent = 'You are signed in as ' + user.email + '.';
  show('signed-in');
};

const askSecondFactor = ({ challengeToken, methods }) => {
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
      void send(find('email-form'), find('second-factor').dataset.sendCodePath, { challengeToken });
  };
  for (const button of buttons) button.addEventListener('click', () => choose(button.dataset.choose));
  for (const form of forms)
    form.addEventListener('submit', async event => {
      event.preventDefault();
      const code = form.elements.code.value;
      const signedIn = await send(form, form.dataset.path, { code, challengeToken });
      if (signedIn) showSignedIn(signedIn);
    });
  choose(methods[0]);
};
`
