// The paths are those of your server. It begins and ends the ceremonies with the functions above.
const post = async (path, body) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} was refused`);
  return answer.json();
};

export async function signUp(userName) {
  const { options } = await post('/sign-up/begin', { userName });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return post('/sign-up/end', await navigator.credentials.create({ publicKey }));
}

export async function signIn() {
  const { options } = await post('/sign-in/begin', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return post('/sign-in/end', await navigator.credentials.get({ publicKey }));
}
