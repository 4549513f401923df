import AuthEvents
import Challenges
import Keys
import Limits
import PhoneNumbers
import Store

extension Verification {
    /// What a try takes of the limits on verification.
    ///
    /// A try where there is no challenge is counted like one at a challenge: by the address and tenant that it names, and
    /// in the place of an account by the address.
    func slots(of request: VerificationRequest) -> @Sendable (StoredChallenge?) -> [Slot] {
        { stored in
            let tenant = stored?.tenant ?? request.tenant ?? .default
            let limits = limits.limits(of: tenant, at: .verify)
            guard !limits.isEmpty else { return [] }
            var facts = LimitFacts(tenant: tenant, home: homes[tenant] ?? "", network: request.network)
            if let stored {
                let contents = try? keys.open(stored.sealed, of: stored.event)
                facts.recipient = contents?.comparedAddress(on: stored.challenge.channel)
                facts.subject = contents?.subject
                facts.channel = stored.challenge.channel
            } else if case .address(let address, _) = request.target {
                facts.recipient = address
                facts.channel = address.hasPrefix("+") && !address.contains("@") ? .sms : .email
            }
            if facts.subject == nil { facts.subject = facts.recipient }
            if facts.channel == .sms, let number = facts.recipient { facts.country = try? PhoneNumber(number).region }
            return keys.slots(of: limits, facts)
        }
    }
}
