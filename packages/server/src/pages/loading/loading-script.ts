/** Follows `PAGE_SCRIPT`; for pages that ask the server what to show, with `LOADING_STEPS`. */
export const LOADING_SCRIPT = `
const GONE = ['INVALID_TOKEN', 'NOT_FOUND', 'VALIDATION_ERROR'];

const load = async (askServer, showData) => {
  const form = find('load-form');
  form.onsubmit = event => {
    event.preventDefault();
    void load(askServer, showData);
  };
  show('loading');
  const answer = await askServer();
  if (answer.success) showData(answer.data);
  else if (GONE.includes(answer.code)) endWith();
  else {
    show('not-loaded');
    sayProblems(form, answer);
  }
};

const showDetails = details => {
  for (const place of document.querySelectorAll('[data-detail]'))
    place.textContent = details[place.dataset.detail];
};

const capitalize = text => text.charAt(0).toUpperCase() + text.slice(1);

const timeText = timestamp =>
  new Date(timestamp).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
`
