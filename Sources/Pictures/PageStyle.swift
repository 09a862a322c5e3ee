/// How a page looks, in the colours of the plots.
enum PageStyle {
    static let text = """
        :root{color-scheme:light dark;\(variables(\.rawValue))}
        @media screen and (prefers-color-scheme:dark){:root{\(variables(\.dark))}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:76rem;font:1rem/1.55 system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;color:var(--text);background:var(--background)}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem;overflow-wrap:anywhere}
        h2{font-size:1.3rem;line-height:1.3;margin:2.75rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--grid)}
        h3{font-size:1.05rem;margin:1.75rem 0 .75rem}
        p,section>ul,dd{max-width:48rem}
        section>ul{padding-left:1.25rem}
        section>ul>li{margin:.3rem 0}
        a{color:var(--here)}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:1rem 0 0;padding:0}
        nav a{display:inline-block;padding:.2rem 0}
        figure{margin:0}
        img{display:block;max-width:100%;height:auto}
        figcaption,.note{color:var(--quietText);font-size:.875rem;line-height:1.45}
        figcaption strong{color:var(--text)}
        .note{margin:.4rem 0}
        picture+figcaption{margin-top:.5rem}
        .scroll{overflow-x:auto;margin:1rem 0 .5rem;border:1px solid var(--grid);border-radius:6px}
        table{border-collapse:collapse;width:100%;font-size:.875rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.6rem .75rem;position:sticky;left:0;width:fit-content}
        th,td{padding:.35rem .55rem;text-align:right;white-space:nowrap;border-top:1px solid var(--grid)}
        thead th{color:var(--quietText);font-weight:600;vertical-align:bottom;white-space:normal}
        tbody th{font-weight:600}
        .words{text-align:left}
        td.words{white-space:normal;min-width:7rem;overflow-wrap:anywhere}
        tbody th,thead th:first-child{position:sticky;left:0;background:var(--background)}
        tbody tr:hover>*{background:color-mix(in srgb,var(--grid) 45%,var(--background))}
        .curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17.5rem),1fr));gap:1.5rem 1.25rem;list-style:none;padding:0;max-width:none}
        .curves li{margin:0;min-width:0}
        .curves img{width:100%}
        .key{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;list-style:none;padding:0;max-width:none;font-size:.875rem}
        .key li{display:flex;align-items:center;gap:.5rem}
        .key span{display:inline-block;flex:none;width:1.6rem;height:0;border-top:2px solid}
        .key .training{border-color:var(--training);border-top-width:1.5px}
        .key .here{border-color:var(--here)}
        .key .other{border-color:var(--other);border-top-width:3px}
        .key .dot{width:.55rem;height:.55rem;border:0;border-radius:50%;background:var(--text);-webkit-print-color-adjust:exact;print-color-adjust:exact}
        .key .dashed,.key .dotted{width:0;height:1.1rem;border-top:0;border-left:2px dashed var(--quietText)}
        .key .dotted{border-left-style:dotted}
        details{margin:.4rem 0}
        summary{cursor:pointer;color:var(--here);width:fit-content;padding:.15rem 0}
        .curves summary{font-size:.875rem}
        .curves .scroll{max-height:22rem;overflow:auto}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;font-size:.875rem}
        dt{font-weight:600}
        dd{margin:0}
        :focus-visible{outline:2px solid var(--here);outline-offset:2px}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        footer{margin-top:3rem;color:var(--quietText);font-size:.875rem}
        @media screen and (max-width:640px){
        table{font-size:.8rem}
        th,td{padding:.3rem .45rem}
        td.words{min-width:7rem}
        .curves .scroll{max-height:none}
        dl{grid-template-columns:1fr}
        dd{margin-bottom:.4rem}
        }
        @media print{
        @page{margin:12mm}
        :root{color-scheme:light}
        body{max-width:none;padding:0;font-size:10pt}
        nav,details:not(.legend),summary{display:none}
        .scroll{overflow:visible;border:0;margin:.5rem 0}
        table{font-size:7pt}
        th,td{padding:.15rem .25rem}
        th,td.words{white-space:normal}
        tbody th,thead th:first-child,caption{position:static}
        td.words{min-width:3.5rem;overflow-wrap:break-word}
        h2,h3,caption{break-after:avoid}
        figure,tr,.curves li{break-inside:avoid}
        .curves{grid-template-columns:repeat(3,1fr);gap:.75rem}
        }
        """

    private static func variables(_ value: (Palette) -> String) -> String {
        let names: [(String, Palette)] = [
            ("background", .background), ("text", .text), ("quietText", .quietText), ("grid", .grid), ("here", .here), ("other", .other),
            ("training", .training),
        ]
        return names.map { "--\($0):\(value($1))" }.joined(separator: ";")
    }
}
