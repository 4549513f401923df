extension Settings {
    /// What `gatepost doctor` holds a machine to.
    package struct Doctor: Sendable, Equatable {
        /// What must be free on the file system of the database, in bytes.
        package var freeSpace: Int64 = 512 << 20
        /// A database of more bytes is not read through.
        package var checkSize: Int64 = 1 << 30

        init(_ section: SettingsSection) throws(SettingsError) {
            freeSpace = try section.integer("free_space", in: 0...1 << 40) ?? freeSpace
            checkSize = try section.integer("check_size", in: 0...1 << 40) ?? checkSize
            try section.refuseUnknown()
        }
    }
}
