post() {
  curl --silent --show-error --fail-with-body "__BASE_URL__$1" \
    -H 'Authorization: Bearer __API_KEY__' -H 'Content-Type: application/json' -d "$2"
}

# Keep "ceremony" on your server, and pass "options" to the page. The page returns the response of the browser. A program
# must parse it first, and pass it on as its JSON library prints it: raw text of a browser could add fields.
begin_sign_up() {
  post /v1/rp/registrations/options "{\"userId\": \"$(openssl rand -hex 16)\", \"createUser\": true,
    \"authenticatorSelection\": {\"residentKey\": \"required\", \"userVerification\": \"required\"}}"
}
end_sign_up() { post /v1/rp/registrations "{\"ceremony\": \"$1\", \"response\": $2}"; }

begin_sign_in() { post /v1/rp/authentications/options '{"userVerification": "required"}'; }
end_sign_in() { post /v1/rp/authentications "{\"ceremony\": \"$1\", \"response\": $2}"; }

begin_sign_in
