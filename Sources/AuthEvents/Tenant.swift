/// An application or customer that shares the installation, as the settings declare it.
package struct Tenant: Sendable, Equatable {
    package var name: TenantName
    /// What a `link` of its events must start with.
    package var links: [String]
    package var brand: Brand

    package init(name: TenantName, links: [String] = [], brand: Brand? = nil) {
        (self.name, self.links) = (name, links)
        self.brand = brand ?? Brand(name: name == .default ? "Gatepost" : name.description)
    }
}

/// How a tenant appears in its messages.
package struct Brand: Sendable, Equatable {
    package var name: String
    package var domain: String?
    /// The address that mails come from.
    package var fromEmail: String

    package init(name: String, domain: String? = nil, fromEmail: String? = nil) {
        (self.name, self.domain) = (name, domain)
        self.fromEmail = fromEmail ?? "no-reply@\(domain ?? "localhost")"
    }
}
