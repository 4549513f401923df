package import Carrier
private import Clocks
private import Composition
import Configuration
private import Deliveries
import Transfer

extension HTTPGateway {
    /// Asks as the description says, once.
    ///
    /// Without the gateway's name for the message, where the request holds it, nobody is asked.
    package func ask(_ question: Question) async -> HandOver {
        guard let ask = description.ask else { return HandOver(.unknown, code: "cannot_be_asked") }
        let isNamed = question.gatewayReference?.isEmpty == false
        guard isNamed || !ask.needsReference else { return HandOver(.unknown, code: "no_reference") }
        guard let exchange = request(for: question, ask) else {
            return HandOver(.unknown, code: "invalid_question", detail: "a header field cannot hold a line break")
        }
        let result = await transfers.http(exchange)
        return withoutSecrets(QuestionReader(ask, now: time.now()).handOver(result, to: question))
    }

    /// Connects with TLS where the URL says so; no request is made, so a login is not tried.
    package func probe(timeout: Duration) async -> HandOver {
        let url = description.url.rendered(with: ["account": account, "secret": secret], as: .url)
        return withoutSecrets(
            HandOver(await transfers.tryOut(url, caFile: caFile, timeout: HandOver.connectTimeout(within: timeout)))
        )
    }

    private func request(for question: Question, _ ask: QuestionDescription) -> HTTPExchange? {
        var values = [
            "to": question.to, "reference": question.attempt, "account": account, "secret": secret,
        ]
        values["gateway_reference"] = question.gatewayReference
        guard var headers = ask.headers.rendered(with: values) else { return nil }
        let body = ask.body.map { Array($0.rendered(with: values, as: ask.contentType.output).utf8) }
        if body != nil { headers.insert((name: "Content-Type", value: ask.contentType.mediaType), at: 0) }
        return HTTPExchange(
            method: ask.method,
            url: ask.url.rendered(with: values, as: .url),
            headers: headers,
            body: body,
            login: ask.isBasic ? Login(account: account, secret: secret) : nil,
            caFile: caFile,
            timeout: question.timeout,
            connectTimeout: HandOver.connectTimeout(within: question.timeout),
            maximumAnswerBytes: HTTPGateway.largestAnswer
        )
    }
}
