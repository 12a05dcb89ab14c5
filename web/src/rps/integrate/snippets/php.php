<?php
function post(string $path, array $body): object {
    $request = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => "Authorization: Bearer __API_KEY__\r\nContent-Type: application/json",
        'content' => json_encode($body),
        'timeout' => 10,
        'ignore_errors' => true,
    ]]);
    // Without associative arrays, so that an empty object of the browser stays an object.
    $answer = json_decode(file_get_contents('__BASE_URL__' . $path, false, $request));
    if (isset($answer->type)) throw new Exception("$answer->type: $answer->detail");
    return $answer;
}

// Keep "ceremony" in the session of your server, and pass "options" to the page.
function begin_sign_up(string $user_name): object {
    return post('/v1/rp/registrations/options', [
        'userId' => bin2hex(random_bytes(16)),
        'createUser' => true,
        'user' => ['userName' => $user_name],
        'authenticatorSelection' => ['residentKey' => 'required', 'userVerification' => 'required'],
    ]);
}
function end_sign_up(string $ceremony, object $response): string {
    return post('/v1/rp/registrations', ['ceremony' => $ceremony, 'response' => $response])->user->userId;
}

function begin_sign_in(): object {
    return post('/v1/rp/authentications/options', ['userVerification' => 'required']);
}
function end_sign_in(string $ceremony, object $response): string {
    return post('/v1/rp/authentications', ['ceremony' => $ceremony, 'response' => $response])->user->userId;
}
