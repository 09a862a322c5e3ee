/// The colours of the plots: each as gnuplot draws it, on white, and as it is on a dark page.
///
/// Blue and orange can be told apart with every kind of colour blindness; shape and line width differ too. Against its background each colour
/// of text has a contrast of at least 4.5 : 1, each of marks and lines that mean something one of 3 : 1.
enum Palette: String, CaseIterable {
    case background = "#ffffff"
    case text = "#1f2328"
    case quietText = "#57606a"
    case axis = "#8c959f"
    case grid = "#e4e8ec"
    case here = "#0969da"
    case other = "#bc4c00"
    case training = "#6e7781"

    /// On a dark page.
    var dark: String {
        switch self {
        case .background: "#0d1117"
        case .text: "#e6edf3"
        case .quietText: "#a6afb9"
        case .axis: "#6e7681"
        case .grid: "#252c35"
        case .here: "#58a6ff"
        case .other: "#ff9e4a"
        case .training: "#8b949e"
        }
    }

    /// For a gnuplot script.
    var color: String { "rgb '\(rawValue)'" }

    /// The style sheet of a picture: what is drawn in one of the colours gets its counterpart on a dark screen.
    static let styleSheet: String = {
        let rules = allCases.flatMap { color in
            ["fill", "stroke", "color"].map { "[\($0)=\"\(color.rawValue)\"]{\($0):\(color.dark)}" }
        }
        return "@media screen and (prefers-color-scheme:dark){\(rules.joined())}"
    }()
}
