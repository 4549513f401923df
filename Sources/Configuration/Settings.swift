package import AuthEvents
package import Challenges
package import Composition
package import Deliveries
package import Limits
package import Spend

/// All settings of an installation, checked.
///
/// Every path in it is absolute.
package struct Settings: Sendable {
    package struct Server: Sendable {
        /// `host:port`, or `nil` for the socket only.
        package var listen: ListenAddress?
        package var socket: String
        package var hosts: [String]
        /// Reverse proxies whose word counts for the host that was asked for.
        package var trustedProxies: [AddressBlock]
        package var edge: Edge
        /// Where the outside world finds the server, without a slash at its end; `nil` where it does not.
        package var publicURL: String?
    }

    package struct ListenAddress: Sendable, Equatable {
        package var host: String
        package var port: Int
    }

    package struct TemplatePlace: Sendable, Equatable {
        package var folder: String
        /// What a person without a language gets, and one whose language the folder does not have.
        package var language: LanguageTag
    }

    package struct Carriers: Sendable {
        /// Users that may carry on the socket.
        package var users: [String]
        /// The worker's own limit for one recipient.
        package var perRecipient: Rate
    }

    package var file: String
    package var server: Server
    package var database: String
    /// Bytes that the database's log may come to while a backup is made.
    package var backupLog: Int64
    package var keyFile: String
    /// The folder of sandbox messages; `nil` where the sandbox is off.
    package var sandboxFolder: String?
    package var tenants: [Tenant]
    /// Where tenants have templates of their own, by name.
    package var templates: [TenantName: TemplatePlace]
    package var purposes: [Purpose: PurposeTerms]
    package var gateways: [GatewaySettings]
    package var routes: [Route]
    package var carriers: Carriers
    package var destinationPolicy: DestinationPolicy
    package var limits: LimitSet
    package var budgets: [Budget]
    package var prices: Prices
    /// The lines of limits of money, by key: what is wrong with them may only show beside the prices.
    var limitLines: [String: Int] = [:]
    /// What is odd and does not stop the start.
    package var warnings: [String]

    /// Beside the key file: which life of the database the keys belong to.
    package var lifeFile: String { directory(of: keyFile) + "/keys.state" }

    package var routing: RoutingTable {
        RoutingTable(gateways: gateways.map(\.terms), routes: routes)
    }
}

/// The folder that a path leads to.
package func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
