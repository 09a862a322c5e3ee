/// Why a checkpoint could not be read. The text says what is wrong with the file, without its name.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
