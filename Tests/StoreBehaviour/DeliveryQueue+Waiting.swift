package import Clocks
package import Store

extension DeliveryQueue {
    /// Waits like a carrier that has died: it is woken, and nothing is leased.
    package func waitForWork(at gateways: [String], since seen: WorkMark, until deadline: BootInstant) async {
        let request = ClaimRequest(carrier: "waiting", instance: "one", gateways: gateways, limit: 1)
        let claims = await waitForWork(request, since: seen, until: deadline, isPeerThere: { false })
        precondition(claims.isEmpty, "something was leased to a carrier that is not there")
    }
}
