import Clocks
import Deliveries

extension StoryBounds {
    /// Reads `[explain]`.
    init(_ section: SettingsSection) throws(SettingsError) {
        self.init()
        refusalLife = try section.duration("refused_for", in: .seconds(60)...(.seconds(7 * 86_400))) ?? refusalLife
        refusals = try section.integer("refused", in: 100...1_000_000) ?? refusals
        notes = try section.integer("changes", in: 4...1000) ?? notes
        try section.refuseUnknown()
    }
}
