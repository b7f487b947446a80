/** Follows `LOADING_SCRIPT`; for the pages of the sandbox that payments are tried in. */
export const SANDBOX_SCRIPT = `
const countText = (count, one, many) => count.toLocaleString('en') + ' ' + (count === 1 ? one : many);

const planText = ({ tierId, seatCount, slotPacks }) =>
  [
    capitalize(tierId) + ' plan',
    countText(seatCount, 'seat', 'seats'),
    ...(slotPacks > 0 ? [countText(slotPacks, 'slot pack', 'slot packs')] : []),
  ].join(', ');

const sumText = ({ amount, currency }) => (amount / 100).toLocaleString('en', { style: 'currency', currency });

const INTERVALS = { month: ' a month', year: ' a year' };

const priceText = payable => sumText(payable) + (payable.interval ? INTERVALS[payable.interval] : '');

// It may have ended meanwhile.
const refuseAct = (form, answer) => {
  if (answer.code === 'NOT_FOUND') endWith();
  else sayProblems(form, answer);
};

// Leads nowhere but to a web page: never to a script.
const follow = url => {
  let target;
  try {
    target = new URL(url, location.href);
  } catch {}
  if (/^https?:$/.test(target?.protocol)) location.replace(target);
  else show('nowhere');
};
`
