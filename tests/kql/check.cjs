// SPDX-License-Identifier: MIT
// Asks Microsoft's language service about queries: node check.cjs FOLDER. Each file NAME.kql in it is one query; printed is a
// line "NAME: COLUMN COLUMN..." with what it gives, or "NAME: error: ..." for each diagnostic of that severity.
const fs = require('fs');
const path = require('path');
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');

// The table as a workspace has it, with the columns that resource logs of IoT Hub fill; the lean one never had properties_s.
const always =
    'TenantId:string, TimeGenerated:datetime, ResourceId:string, Category:string, ResourceGroup:string, SubscriptionId:string, ' +
    'ResourceProvider:string, Resource:string, ResourceType:string, OperationName:string, OperationVersion:string, ' +
    'ResultType:string, ResultSignature:string, ResultDescription:string, DurationMs:long, CallerIPAddress:string, ' +
    'CorrelationId:string, Level:string, SourceSystem:string, Type:string, _ResourceId:string';
const schemas = [`(${always}, location_s:string, properties_s:string, AdditionalFields:dynamic)`, `(${always})`];

const list = (items) => Array.from({ length: items.Count }, (_, i) => items.getItem(i));

function analyse(query, schema) {
    const table = new Kusto.Language.Symbols.TableSymbol.$ctor7('AzureDiagnostics', schema, null);
    const database = new Kusto.Language.Symbols.DatabaseSymbol.ctor('workspace', [table]);
    const globals = Kusto.Language.GlobalState.Default.WithDatabase(database);
    const code = Kusto.Language.KustoCode.ParseAndAnalyze(query, globals);
    const errors = list(code.GetDiagnostics()).filter((diagnostic) => diagnostic.Severity === 'Error');
    return errors.length > 0
        ? errors.map((error) => `error: ${error.Message}`)
        : [list(code.ResultType.Columns).map((column) => column.Name).join(' ')];
}

const folder = process.argv[2];
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.kql')).sort()) {
    const query = fs.readFileSync(path.join(folder, file), 'utf8');
    const found = new Set(schemas.flatMap((schema) => analyse(query, schema)));
    for (const line of found) {
        console.log(`${path.basename(file, '.kql')}: ${line}`);
    }
}
