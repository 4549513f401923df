/// The rows of the database that the checks read, by their ids.
struct Records {
    struct Delivery {
        /// 9 is dead, 6 accepted.
        var state: Int64
        var reason: Int64
        var isMail: Bool
        var sendBefore: Int64
        var ended: Int64
        var challenge: String
        /// What it shares its codes with; of a challenge that has no company itself.
        var party: String
    }

    struct Attempt {
        var delivery: String
        var number: Int64
        var at: Int64
        /// 1 accepted, 5 unknown.
        var outcome: Int64
        var isApplied: Bool
        var fence: Int64

        /// Whether nobody knew, then or at last, what became of it.
        var wasUnknown: Bool { outcome == 5 || outcome == 0 || outcome == 1 && !isApplied }
    }

    private(set) var deliveries: [String: Delivery] = [:]
    /// By their own ids.
    private(set) var attempts: [String: Attempt] = [:]
    /// The ids of each delivery's attempts, in order.
    private(set) var attemptsOf: [String: [String]] = [:]

    init(_ database: Database) throws {
        for row in try database.rows(
            """
            SELECT hex(delivery.id), coalesce(hot.state, delivery.state), coalesce(hot.reason, delivery.reason, 0),
                delivery.channel, delivery.send_before, coalesce(ended, 0), hex(challenge),
                hex(coalesce(challenge.party, challenge))
            FROM delivery LEFT JOIN hot ON hot.id = delivery.id LEFT JOIN challenge ON challenge.id = delivery.challenge
            """
        ) {
            deliveries[row[0].text.lowercased()] = Delivery(
                state: row[1].integer,
                reason: row[2].integer,
                isMail: row[3].integer == 1,
                sendBefore: row[4].integer,
                ended: row[5].integer,
                challenge: row[6].text.lowercased(),
                party: row[7].text
            )
        }
        for row in try database.rows(
            """
            SELECT hex(id), hex(delivery), number, at, coalesce(outcome, 0), applied, fence FROM attempt
            ORDER BY delivery, number
            """
        ) {
            let attempt = Attempt(
                delivery: row[1].text.lowercased(),
                number: row[2].integer,
                at: row[3].integer,
                outcome: row[4].integer,
                isApplied: row[5].integer == 2,
                fence: row[6].integer
            )
            attempts[row[0].text.lowercased()] = attempt
            attemptsOf[attempt.delivery, default: []].append(row[0].text.lowercased())
        }
    }

    func attempts(of delivery: String) -> [Attempt] { (attemptsOf[delivery] ?? []).compactMap { attempts[$0] } }

    /// The delivery that a message belongs to.
    func delivery(of take: GatewayRecord.Take) -> String? {
        take.isMail ? (deliveries[take.key] == nil ? nil : take.key) : attempts[take.key]?.delivery
    }
}
