/** Follows `PAGE_SCRIPT`, `FRAGMENT_SCRIPT`, `LOADING_SCRIPT` and `SANDBOX_SCRIPT`. */
export const CHECKOUT_SCRIPT = `
const payForm = find('pay-form');
const cancelForm = find('cancel-form');

const sessionId = takeFragment();
const path = pathWith(find('checkout').dataset.path, sessionId);

const showCheckout = checkout => {
  const { organizationName, kind, credits, status, successUrl } = checkout;
  if (status === 'expired') {
    endWith();
    return;
  }
  const bought = kind === 'credits' ? countText(credits, 'credit', 'credits') : planText(checkout);
  showDetails({ organizationName, bought, price: priceText(checkout) });
  find('pay-button').textContent = 'Pay ' + sumText(checkout);
  find('go-on').onclick = () => follow(successUrl);
  show(status === 'complete' ? 'complete' : 'checkout');
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
