package import Carrier
package import Clocks
private import Composition
package import Configuration
private import Deliveries
private import Foundation
package import Transfer

/// A gateway behind an HTTP API, asked and understood as its description says.
package struct HTTPGateway: Gateway {
    /// The largest answer that is read, its header fields included.
    static let largestAnswer = 256 << 10

    let description: HTTPDescription
    let account: String
    let secret: String
    let caFile: String?
    let transfers: Transfers
    let time: any TimeSource

    /// `account`, `secret`: Without control characters.
    package init(
        _ description: HTTPDescription,
        account: String?,
        secret: String?,
        caFile: String?,
        transfers: Transfers,
        time: any TimeSource
    ) {
        (self.description, self.account, self.secret) = (description, account ?? "", secret ?? "")
        (self.caFile, self.transfers, self.time) = (caFile, transfers, time)
    }

    package func handOver(_ claim: Claim) async -> HandOver {
        guard let exchange = request(for: claim) else {
            return HandOver(.refused, code: "invalid_message", detail: "a header field cannot hold a line break")
        }
        // Once, whatever comes of it: only the server decides about a second time.
        let result = await transfers.http(exchange)
        return withoutSecrets(AnswerReader(description, now: time.now()).handOver(result))
    }

    /// A gateway may echo what it was logged in to with.
    func withoutSecrets(_ handOver: HandOver) -> HandOver {
        guard !secret.isEmpty else { return handOver }
        var handOver = handOver
        for hidden in [secret, Data("\(account):\(secret)".utf8).base64EncodedString()] {
            handOver.detail = handOver.detail?.replacing(hidden, with: "***")
            if handOver.code?.contains(hidden) == true { handOver.code = nil }
            if handOver.gatewayReference?.contains(hidden) == true { handOver.gatewayReference = nil }
        }
        return handOver
    }

    /// Returns `nil` where the message cannot stand in the fields.
    private func request(for claim: Claim) -> HTTPExchange? {
        let values = values(of: claim)
        guard let fields = description.headers.rendered(with: values) else { return nil }
        let headers = [(name: "Content-Type", value: description.contentType.mediaType)] + fields
        let body = description.body.rendered(with: values, as: description.contentType.output)
        return HTTPExchange(
            method: description.method,
            url: description.url.rendered(with: values, as: .url),
            headers: headers,
            body: Array(body.utf8),
            login: description.isBasic ? Login(account: account, secret: secret) : nil,
            caFile: caFile,
            timeout: claim.timeout,
            connectTimeout: HandOver.connectTimeout(within: claim.timeout),
            maximumAnswerBytes: HTTPGateway.largestAnswer
        )
    }

    private func values(of claim: Claim) -> [String: String] {
        var values = [
            "to": claim.message.to, "from": claim.message.from, "text": claim.message.text,
            "reference": claim.attempt, "valid_for_seconds": String(validSeconds(of: claim)), "account": account,
            "secret": secret,
        ]
        values["callback_url"] = claim.message.callbackURL
        return values
    }

    /// The life that is left, rounded down, within what the gateway takes.
    private func validSeconds(of claim: Claim) -> Int64 {
        let left = (claim.validUntil ?? claim.sendBefore) - time.boot()
        return min(max(left.milliseconds / 1000, description.validity.lowerBound), description.validity.upperBound)
    }
}

extension [HTTPDescription.Header] {
    /// The fields with their values filled in; `nil` where one would have a line break.
    func rendered(with values: [String: String]) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for header in self {
            let value = header.value.rendered(with: values, as: .text)
            guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                return nil
            }
            fields.append((header.name, value))
        }
        return fields
    }
}
