/** Follows `PAGE_SCRIPT`, `FRAGMENT_SCRIPT`, `LOADING_SCRIPT` and `SANDBOX_SCRIPT`. */
export const CHECKOUT_SCRIPT = `
const payForm = find('pay-form');
const cancelForm = find('cancel-form');

const sessionId = takeFragment();
const path = pathWith(find('checkout').dataset.path, sessionId);

const INTERVALS = { month: ' a month', year: ' a year' };

const showCheckout = checkout => {
  const { organizationName, kind, credits, amount, currency, interval, status, successUrl } = checkout;
  if (status === 'expired') return endWith();
  const sum = (amount / 100).toLocaleString('en', { style: 'currency', currency });
  const isPlan = kind === 'subscription';
  showDetails({
    organizationName,
    bought: isPlan ? planText(checkout) : countText(credits, 'credit', 'credits'),
    price: sum + (isPlan ? INTERVALS[interval] : ''),
  });
  find('pay-button').textContent = 'Pay ' + sum;
  find('go-on').onclick = () => follow(successUrl);
  return show(status === 'complete' ? 'complete' : 'checkout');
};

// It may have been paid or have ended meanwhile, in another tab.
const refuseAct = (form, answer) => {
  if (['NOT_FOUND', 'INVALID_TOKEN'].includes(answer.code)) endWith();
  else sayProblems(form, answer);
};

const act = async (form, body) => {
  sayNothing(payForm);
  sayNothing(cancelForm);
  const answer = await send(form, pathWith(form.dataset.path, sessionId), body, refuseAct);
  if (answer) follow(answer.url);
};

onSubmit(payForm, ({ card }) => act(payForm, { card: card.value }));
onSubmit(cancelForm, () => act(cancelForm));

if (path) void load(() => ask('GET', path), showCheckout);
else endWith();
`
