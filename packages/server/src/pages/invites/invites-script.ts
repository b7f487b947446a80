/** Follows `PAGE_SCRIPT`, `FRAGMENT_SCRIPT`, `LOADING_SCRIPT` and `SECOND_FACTOR_SCRIPT`. */
export const INVITES_SCRIPT = `
const { dataset } = find('invitation');
const acceptForm = find('accept-form');
const mailForm = find('mail-form');
const signInForm = find('sign-in-form');
const signUpForm = find('sign-up-form');
const signOutForm = find('sign-out-form');

const token = takeFragment();
const path = pathWith(dataset.path, token);
let invitation;

const showPart = id => {
  for (const part of document.querySelectorAll('#invitation > div')) part.hidden = part.id !== id;
  show('invitation');
};

const showAs = user => {
  for (const place of document.querySelectorAll('[data-signed-in-as]')) place.textContent = user.email;
  sayNothing(acceptForm);
  mailForm.hidden = true;
  showPart(user.email === invitation.email ? 'as-invited' : 'as-another');
};

const signInAgain = message => {
  showPart('sign-in');
  say(signInForm, 'form', message);
};

const showInvitation = (preview, session) => {
  invitation = preview;
  const { organizationName, role, invitedBy, email, expiresAt } = invitation;
  showDetails({
    organizationName,
    email,
    role: capitalize(role),
    invitedBy: invitedBy ?? 'Somebody who has no account any more',
    expiresAt: timeText(expiresAt),
  });
  find('joined').textContent = organizationName;
  signInForm.elements.email.value = email;
  signUpForm.elements.email.value = email;
  if (session) showAs(session.user);
  else showPart('sign-in');
  // What it is for is to be read before a password is typed.
  find('invitation').querySelector('h1').focus();
};

const isSignedOut = ({ status }) => status === 401;

const askServer = async () => {
  const [preview, session] = await Promise.all([ask('GET', path), ask('GET', dataset.sessionPath)]);
  if (!preview.success) return preview;
  if (!session.success && !isSignedOut(session)) return session;
  return { success: true, data: { preview: preview.data, session: session.data } };
};

const refusalText = ({ code, message, retryAfter }) => {
  const inviter = invitation.invitedBy ?? 'an owner of the organization';
  switch (code) {
    case 'EMAIL_NOT_VERIFIED':
      return 'Your address is not confirmed yet. Open the mail that we sent to it, then accept again.';
    case 'PLAN_LIMIT_REACHED':
      return 'The organization has no free seat. Ask ' + inviter + ' for one, then accept again.';
    case 'CONFLICT':
      return 'You are a member of this organization already. There is nothing left to do.';
    default:
      return message + waitText(retryAfter);
  }
};

const refuseToAccept = (form, answer) => {
  if (answer.code === 'INVALID_TOKEN') endWith();
  else if (isSignedOut(answer)) signInAgain('You are not signed in any more. Sign in again.');
  else {
    mailForm.hidden = answer.code !== 'EMAIL_NOT_VERIFIED';
    find('mail-sent').textContent = '';
    say(form, 'form', refusalText(answer));
  }
};

onSubmit(acceptForm, async () => {
  const joined = await send(acceptForm, pathWith(acceptForm.dataset.path, token), undefined, refuseToAccept);
  if (joined) show('done');
});

onSubmit(mailForm, async () => {
  const { email } = invitation;
  if (await send(mailForm, mailForm.dataset.path, { email }))
    find('mail-sent').textContent = 'A new mail is on its way to ' + email + '.';
});

onSubmit(signOutForm, async () => {
  const onRefusal = (form, answer) => (isSignedOut(answer) ? showPart('sign-in') : sayProblems(form, answer));
  if (await send(signOutForm, signOutForm.dataset.path, undefined, onRefusal)) showPart('sign-in');
});

onSubmit(signInForm, async ({ email, password }) => {
  const proof = { email: email.value, password: password.value };
  const result = await send(signInForm, signInForm.dataset.path, proof);
  if (!result) return;
  password.value = '';
  const onRefusal = (form, answer) =>
    answer.code === 'INVALID_TOKEN' ? signInAgain(answer.message) : sayProblems(form, answer);
  if (result.challengeToken) askSecondFactor(result, ({ user }) => showAs(user), onRefusal);
  else showAs(result.user);
});

onSubmit(signUpForm, async ({ email, name, password }) => {
  const account = { email: email.value, name: name.value, password: password.value };
  if (!(await send(signUpForm, signUpForm.dataset.path, account))) return;
  password.value = '';
  showPart('confirm');
});

for (const button of document.querySelectorAll('button[data-part]'))
  button.addEventListener('click', () => showPart(button.dataset.part));

if (path) void load(askServer, ({ preview, session }) => showInvitation(preview, session));
else endWith();
`
