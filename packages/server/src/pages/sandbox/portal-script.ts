/** Follows `PAGE_SCRIPT`, `FRAGMENT_SCRIPT`, `LOADING_SCRIPT` and `SANDBOX_SCRIPT`. */
export const PORTAL_SCRIPT = `
const cardForm = find('card-form');
const endForm = find('end-form');

const path = pathWith(find('portal').dataset.path, takeFragment());
let subscription;

const STATUSES = { active: 'Active', past_due: 'A payment failed', canceled: 'Over' };

const nextText = ({ status, cancelAtPeriodEnd }, until) => {
  if (status === 'canceled') return 'Buy a new one where you bought this one.';
  if (status === 'past_due') return 'Choose a card that pays: without one the subscription ends soon.';
  return cancelAtPeriodEnd ? 'It ends on ' + until + '.' : 'It renews by itself on ' + until + '.';
};

const showSubscription = (shown, said) => {
  subscription = shown;
  const { organizationName, status, currentPeriodEnd, cancelAtPeriodEnd, card } = subscription;
  const until = timeText(currentPeriodEnd);
  const price = priceText(subscription);
  showDetails({ organizationName, bought: planText(subscription), price, status: STATUSES[status], until });
  find('next').textContent = said + nextText(subscription, until);
  cardForm.elements.card.value = card;
  cardForm.hidden = status === 'canceled';
  endForm.hidden = status === 'canceled';
  find('end-button').textContent = cancelAtPeriodEnd ? 'Keep the subscription' : 'End the subscription';
};

const update = async (form, body, said) => {
  sayNothing(cardForm);
  sayNothing(endForm);
  const updated = await send(form, path, body, refuseAct);
  if (updated) showSubscription(updated, said);
};

onSubmit(cardForm, ({ card }) => update(cardForm, { card: card.value }, 'This card is used from now on. '));
onSubmit(endForm, () => update(endForm, { cancelAtPeriodEnd: !subscription.cancelAtPeriodEnd }, ''));

const showPortal = portal => {
  showSubscription(portal, '');
  show('portal');
};

if (path) void load(() => ask('GET', path), showPortal);
else endWith();
`
