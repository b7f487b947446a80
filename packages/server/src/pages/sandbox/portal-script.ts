/** Follows `PAGE_SCRIPT`, `FRAGMENT_SCRIPT`, `LOADING_SCRIPT` and `SANDBOX_SCRIPT`. */
export const PORTAL_SCRIPT = `
const cardForm = find('card-form');
const endForm = find('end-form');

const path = pathWith(find('portal').dataset.path, takeFragment());
let subscription;

const STATUSES = { active: 'Active', past_due: 'A payment failed', canceled: 'Ended' };

const showSubscription = (shown, said) => {
  subscription = shown;
  const { organizationName, status, currentPeriodEnd, cancelAtPeriodEnd, card } = subscription;
  const until = timeText(currentPeriodEnd);
  showDetails({ organizationName, bought: planText(subscription), status: STATUSES[status], until });
  cardForm.elements.card.value = card;
  const renewal = cancelAtPeriodEnd
    ? 'The subscription ends on ' + until + '.'
    : 'It renews by itself on ' + until + '.';
  find('renewal').textContent = said ? said + ' ' + renewal : renewal;
  find('end-button').textContent = cancelAtPeriodEnd ? 'Keep the subscription' : 'End the subscription';
};

const refuseAct = (form, answer) => {
  if (['NOT_FOUND', 'INVALID_TOKEN'].includes(answer.code)) endWith();
  else sayProblems(form, answer);
};

const update = async (form, body, said) => {
  sayNothing(cardForm);
  sayNothing(endForm);
  const updated = await send(form, path, body, refuseAct);
  if (updated) showSubscription(updated, said);
};

onSubmit(cardForm, ({ card }) => update(cardForm, { card: card.value }, 'This card is used from now on.'));
onSubmit(endForm, () => update(endForm, { cancelAtPeriodEnd: !subscription.cancelAtPeriodEnd }, 'Changed.'));

const showPortal = portal => {
  showSubscription(portal, '');
  show('portal');
};

if (path) void load(() => ask('GET', path), showPortal);
else endWith();
`
