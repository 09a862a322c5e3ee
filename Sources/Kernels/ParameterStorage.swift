/// The name and shape of one parameter.
public struct ParameterShape: Equatable, Sendable {
    public let name: String
    public let rows: Int
    public let columns: Int

    public init(_ name: String, _ rows: Int, _ columns: Int) {
        self.name = name
        self.rows = rows
        self.columns = columns
    }

    /// Number of values.
    public var count: Int { rows * columns }
}

/// All parameters of a model, or their gradients or averages, in one flat buffer with named views.
public struct ParameterStorage {
    /// In order of declaration, which is the order in memory.
    public let shapes: [ParameterShape]
    /// [1, total]: everything, for loops that do not care for names.
    public let flat: Matrix
    private let views: [String: Matrix]

    /// Allocates zeros for the given parameters. Names must differ.
    public init(_ shapes: [ParameterShape]) {
        let total = shapes.reduce(0) { $0 + $1.count }
        let buffer = Buffer(count: total)
        var views: [String: Matrix] = [:]
        var offset = 0
        for shape in shapes {
            views[shape.name] = Matrix(
                buffer: buffer, offset: offset, rows: shape.rows, columns: shape.columns, stride: shape.columns)
            offset += shape.count
        }
        precondition(views.count == shapes.count, "two parameters share a name")
        self.shapes = shapes
        flat = Matrix(buffer: buffer, offset: 0, rows: 1, columns: total, stride: total)
        self.views = views
    }

    /// Number of values of all parameters together.
    public var count: Int { flat.count }

    /// The parameter of that name; nil where none was declared.
    public func view(_ name: String) -> Matrix? { views[name] }

    /// The parameter of that name, which must have been declared.
    public subscript(name: String) -> Matrix {
        guard let view = views[name] else { preconditionFailure("no parameter is called \(name)") }
        return view
    }
}
