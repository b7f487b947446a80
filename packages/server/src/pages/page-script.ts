/**
 * What the scripts of all pages share: which of a page's steps is shown, JSON calls, and problems beside their fields.
 * It writes texts only, never markup. Scripts are written without backquotes, as they are held in them.
 */
export const PAGE_SCRIPT = `'use strict';
const find = id => document.getElementById(id);

const firstField = place =>
  [...place.querySelectorAll('input:not([readonly], [type=radio])')].find(({ offsetParent }) => offsetParent);

const show = id => {
  for (const step of document.querySelectorAll('main > section')) step.hidden = step.id !== id;
  const heading = find(id).querySelector('h1');
  document.title = heading.textContent + ' - ' + location.host;
  (firstField(find(id)) ?? heading).focus();
};

const endWith = message => {
  if (message) find('over').querySelector('h1').textContent = message;
  show('over');
};

const onSubmit = (form, act) =>
  form.addEventListener('submit', event => {
    event.preventDefault();
    void act(form.elements);
  });

const say = (form, field, text) => {
  const place = form.querySelector('[data-problem-of="' + field + '"]');
  if (!place) return false;
  place.textContent = text;
  const input = form.elements.namedItem(field);
  if (text) input?.setAttribute('aria-invalid', 'true');
  else input?.removeAttribute('aria-invalid');
  return true;
};

const sayNothing = form => {
  for (const place of form.querySelectorAll('[data-problem-of]')) say(form, place.dataset.problemOf, '');
};

const focusProblem = form => {
  const input = form.querySelector('[aria-invalid]') ?? firstField(form);
  input?.focus();
  input?.select();
};

const waitText = seconds => {
  if (!(seconds > 0)) return '';
  const minutes = Math.ceil(seconds / 60);
  if (seconds < 90) return ' Try again in ' + seconds + (seconds === 1 ? ' second.' : ' seconds.');
  return ' Try again in ' + minutes + ' minutes.';
};

const sayProblems = (form, answer) => {
  const fields = answer.meta?.errors ?? [];
  const isSaidThere = fields.filter(({ field, error }) => say(form, field, error)).length > 0;
  if (!isSaidThere) {
    const place = answer.code === 'INVALID_CODE' ? 'code' : 'form';
    say(form, place, answer.message + waitText(answer.retryAfter));
  }
  focusProblem(form);
};

const ask = async (method, path, body) => {
  try {
    const response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    });
    const retryAfter = Number(response.headers.get('Retry-After'));
    return { ...(await response.json()), status: response.status, retryAfter };
  } catch {
    return { success: false, message: 'The server did not answer. Check your connection and try again.' };
  }
};

const refuse = (form, answer) => {
  if (answer.code === 'INVALID_TOKEN') endWith(answer.message);
  else if (answer.meta?.errors?.some(({ field }) => field === 'token')) endWith();
  else sayProblems(form, answer);
};

const send = async (form, path, body, onRefusal = refuse) => {
  if (form.getAttribute('aria-busy') === 'true') return undefined;
  form.setAttribute('aria-busy', 'true');
  sayNothing(form);
  const answer = await ask('POST', path, body);
  form.setAttribute('aria-busy', 'false');
  if (answer.success) return answer.data;
  onRefusal(form, answer);
  return undefined;
};
`
