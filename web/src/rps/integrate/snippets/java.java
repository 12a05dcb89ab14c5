import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;

/**
 * All results are JSON. Keep "ceremony" in the session of your server, and pass "options" to the page. Parse the
 * response of the page, and pass it on as your JSON library prints it: raw text of a browser could add fields. The
 * browser shows a name if you add "user": {"userName": …} to the sign-up.
 */
class Passkeys {
    private final HttpClient client = HttpClient.newHttpClient();

    private String post(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("__BASE_URL__" + path))
            .header("Authorization", "Bearer __API_KEY__")
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofString(body))
            .build();
        var answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new IllegalStateException(answer.body());
        return answer.body();
    }

    String beginSignUp() throws Exception {
        return post("/v1/rp/registrations/options", """
            {"userId": "%s", "createUser": true,
             "authenticatorSelection": {"residentKey": "required", "userVerification": "required"}}
            """.formatted(UUID.randomUUID()));
    }

    String endSignUp(String ceremony, String response) throws Exception {
        return post("/v1/rp/registrations", "{\"ceremony\": \"" + ceremony + "\", \"response\": " + response + "}");
    }

    String beginSignIn() throws Exception {
        return post("/v1/rp/authentications/options", "{\"userVerification\": \"required\"}");
    }

    String endSignIn(String ceremony, String response) throws Exception {
        return post("/v1/rp/authentications", "{\"ceremony\": \"" + ceremony + "\", \"response\": " + response + "}");
    }
}
