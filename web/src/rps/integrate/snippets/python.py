import json
import urllib.request
import uuid


def post(path, body):
    headers = {"Authorization": "Bearer __API_KEY__", "Content-Type": "application/json"}
    request = urllib.request.Request("__BASE_URL__" + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


# Keep "ceremony" in the session of your server, and pass "options" to the page.
def begin_sign_up(user_name):
    selection = {"residentKey": "required", "userVerification": "required"}
    user = {"userId": str(uuid.uuid4()), "createUser": True, "user": {"userName": user_name}}
    return post("/v1/rp/registrations/options", {**user, "authenticatorSelection": selection})


def end_sign_up(ceremony, response):
    return post("/v1/rp/registrations", {"ceremony": ceremony, "response": response})["user"]["userId"]


def begin_sign_in():
    return post("/v1/rp/authentications/options", {"userVerification": "required"})


def end_sign_in(ceremony, response):
    return post("/v1/rp/authentications", {"ceremony": ceremony, "response": response})["user"]["userId"]
