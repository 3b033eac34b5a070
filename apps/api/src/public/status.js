/** Readiness of the sellers a key is for. The key stays in this page's memory and goes nowhere but to this server. */
const form = document.querySelector('#key-form');
const message = document.querySelector('#message');
const table = document.querySelector('#sellers');

for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const key = String(new FormData(form).get('key'));
  showSellers(key).catch((error) => {
    message.textContent = error.message;
  });
});

async function showSellers(key) {
  message.textContent = 'Asking…';
  const { items } = await ask(key, '/v1/sellers?limit=200');
  const statuses = await Promise.all(items.map(({ nip }) => ask(key, `/v1/sellers/${nip}/status`)));
  table.tBodies[0].replaceChildren(...statuses.map(rowOf));
  table.hidden = statuses.length === 0;
  message.textContent = statuses.length === 0 ? 'No seller yet: begin with the first step below.' : '';
}

async function ask(key, path) {
  const answer = await fetch(path, { headers: { authorization: `Bearer ${key}` } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail ?? `${path}: ${answer.status}`);
  return body;
}

function rowOf(status) {
  const cells = [
    status.nip,
    status.ready ? 'yes' : 'no',
    status.authentication.state,
    status.connection.state,
    String(status.pending),
    String(status.held),
    status.reason ?? '',
  ];
  const row = document.createElement('tr');
  row.append(
    ...cells.map((text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }),
  );
  return row;
}
