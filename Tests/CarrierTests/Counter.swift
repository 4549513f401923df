import Clocks
import Limits
import Spend
import TestSupport

@testable import Carrier

/// A carrier between a stub of the server and a gateway that only records.
struct Counter {
    let time: ManualTime
    let office: StubPostOffice
    let gateway: RecordingGateway
    private let carrier: Carrier
    private let slot: GatewaySlot

    init(
        time: ManualTime = ManualTime(),
        office: StubPostOffice = StubPostOffice(),
        gateway: RecordingGateway = RecordingGateway(),
        connections: Int = 4,
        rate: Rate? = nil,
        perRecipient: Rate = Rate(count: 20, period: .seconds(600)),
        isPriced: Bool = false,
        part: Int = 8
    ) {
        (self.time, self.office, self.gateway) = (time, office, gateway)
        let gate = Gate(gatewayRates: rate.map { ["main": $0] } ?? [:], perRecipient: perRecipient, time: time)
        slot = GatewaySlot(name: "main", gateway: gateway, connections: connections, limit: rate)
        carrier = Carrier(
            office: office,
            gate: gate,
            slots: [slot],
            time: time,
            isPriced: isPriced,
            part: part
        ) { _ in }
    }

    /// Carries while the body runs, then asks the carrier to end and waits until it has.
    func carrying(_ body: () async throws -> Void) async rethrows {
        let work = start()
        defer { stop(work) }
        try await body()
        stop(work)
        await work.value
    }

    func start() -> Task<Void, Never> {
        let carrier = carrier
        return Task { await carrier.run() }
    }

    /// Does one task by itself.
    func perform(_ task: CarrierTask, _ places: Places) async {
        await carrier.perform(task, at: slot, places)
    }

    func stop(_ work: Task<Void, Never>) {
        work.cancel()
        office.close()
    }

    /// A claim that may be sent for a minute and whose lease is over in five seconds.
    func claim(_ token: String, to recipient: String? = nil, sendWithin: Duration = .seconds(60)) -> Claim {
        Claim(
            token: token,
            delivery: "dl_\(token)",
            attempt: "at_\(token)",
            gateway: "main",
            purpose: "sign_up",
            tenant: "default",
            leasedUntil: time.boot() + .seconds(5),
            sendBefore: time.boot() + sendWithin,
            timeout: .seconds(1),
            message: Claim.Message(
                to: recipient ?? "\(token)@example.com",
                from: "a@example.com",
                subject: "s",
                text: "t",
                html: nil,
                messageID: "<m@example.com>",
                code: nil
            )
        )
    }

    /// A question whose lease is over in fifteen seconds.
    func question(_ token: String, to recipient: String = "ann@example.com", reference: String? = nil) -> Question {
        Question(
            token: token,
            delivery: "dl_\(token)",
            attempt: "at_\(token)",
            gateway: "main",
            leasedUntil: time.boot() + .seconds(15),
            timeout: .seconds(10),
            gatewayReference: reference,
            to: recipient
        )
    }

    func probe(_ token: String) -> Probe {
        Probe(token: token, gateway: "main", leasedUntil: time.boot() + .seconds(15), timeout: .seconds(10))
    }

    func claims(_ count: Int, to recipient: String? = nil) -> [Claim] {
        (1...count).map { claim("t\($0)", to: recipient) }
    }

    /// A claim of a text message, priced as a server would that counted as this says.
    func textMessage(
        _ token: String,
        text: String,
        to recipient: String = "+12025550123",
        price: Claim.Price? = Counter.price()
    ) -> Claim {
        var claim = claim(token, to: recipient)
        claim.message.from = "Cruddur"
        claim.message.text = text
        claim.price = price
        return claim
    }

    static func price(unit: Int64 = 7900, fee: Int64 = 0, segments: Int64 = 1, in currency: String = "USD") -> Claim
        .Price?
    {
        Currency(currency).map {
            Claim.Price(
                unitPrice: unit,
                fee: fee,
                currency: $0,
                version: "v1",
                segments: segments,
                encoding: "GSM-7"
            )
        }
    }
}
