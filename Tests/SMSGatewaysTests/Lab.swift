import Clocks
import Configuration
import Deliveries
import Foundation
import Spend
import TestSupport
import Transfer

@testable import Carrier
@testable import SMSGateways

/// Settings with one gateway for text messages, and what carries to it.
struct Lab {
    let time = ManualTime()
    let transfers = Transfers()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The lines of a gateway of kind `http` that takes everything and names it.
    static let plain = """
        kind = "http"
        body = '{"to":"{{to}}","text":"{{text}}"}'
        reference = "/id"
        """

    static let twilio = """
        kind = "twilio"
        account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        secret = "token"
        """

    /// Reads the settings of one gateway, `sms-main`; its table begins in line 1.
    func settings(_ lines: String, environment: [String: String] = [:]) throws -> GatewaySettings {
        let file = folder.file("gatepost.toml")
        let text = "[[gateways]]\nname = \"sms-main\"\nchannel = \"sms\"\n" + lines + "\n"
        try Data(text.utf8).write(to: URL(filePath: file))
        let settings = try Settings(file: file, environment: environment)
        guard let gateway = settings.gateways.first(where: { $0.terms.name == "sms-main" }) else {
            throw Missing(name: "sms-main")
        }
        return gateway
    }

    struct Missing: Error { var name: String }

    /// A gateway of these settings at an address.
    func gateway(_ lines: String, at url: String) throws -> HTTPGateway {
        let settings = try settings(lines + "\nurl = \"\(url)\"")
        guard let description = settings.http else { throw Missing(name: "description") }
        var secret: String?
        if case .text(let text) = settings.secret { secret = text }
        return HTTPGateway(
            description,
            account: settings.account,
            secret: secret,
            caFile: nil,
            transfers: transfers,
            time: time
        )
    }

    /// A message that is of use for five minutes.
    func claim(text: String = "Your code is 482913 ż", to: String = "+12015550123", timeout: Duration = .seconds(30))
        -> Claim
    {
        var claim = Claim(
            token: "t1",
            delivery: "dl_1",
            attempt: "at_1",
            gateway: "sms-main",
            purpose: "mfa",
            tenant: "default",
            leasedUntil: time.boot() + .seconds(5),
            sendBefore: time.boot() + .seconds(240),
            timeout: timeout,
            message: Claim.Message(to: to, from: "+15005550006", subject: "", text: text, messageID: "")
        )
        claim.validUntil = time.boot() + .seconds(300)
        claim.price = Currency("USD").map {
            Claim.Price(unitPrice: 7900, fee: 0, currency: $0, segments: 1, encoding: "UCS-2")
        }
        return claim
    }
}

extension Lab {
    /// A question for an attempt.
    func question(reference: String? = nil, to: String = "+12015550123", timeout: Duration = .seconds(30)) -> Question {
        Question(
            token: "q1",
            delivery: "dl_1",
            attempt: "at_1",
            gateway: "sms-main",
            leasedUntil: time.boot() + .seconds(35),
            timeout: timeout,
            gatewayReference: reference,
            to: to
        )
    }
}

extension HTTPPeer {
    /// Without a path.
    var base: String { String(url.dropLast()) }
}

extension HTTPPeer.Request {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of a field, by its name in small letters.
    func field(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.first?.lowercased() == name { return parts.last?.trimmingCharacters(in: .whitespaces) }
        }
        return nil
    }
}
