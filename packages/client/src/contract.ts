/** Written by "npm run generate" in packages/client out of the OpenAPI of wsad: not to be edited. */
export interface paths {
    "/v1/sellers/{nip}/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in invoices
         * @description Every invoice is checked before it is accepted. A bad one is refused alone, with every reason, and never stops its neighbours. 202 is answered once all accepted ones are durable. The same bytes again answer the invoice that is here already. At most 20,000 invoices or 256 MB a call, also when unpacked.
         */
        post: operations["submitInvoices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Submissions, newest first */
        get: operations["listSubmissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the invoices of one call are */
        get: operations["submission"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/report.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The result list, one line per invoice in the order given */
        get: operations["submissionReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/report.xlsx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same list as a workbook */
        get: operations["submissionWorkbook"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Progress as server-sent events: "progress" at once and on every change, at last "done" */
        get: operations["submissionEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invoices, newest first */
        get: operations["listInvoices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One invoice with everything that happened to it */
        get: operations["invoice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/xml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The invoice as it was handed in, byte for byte */
        get: operations["invoiceXml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/upo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** KSeF's receipt (UPO), byte for byte; 202 with Retry-After while it is not there yet */
        get: operations["invoiceUpo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/qr": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A QR code of the invoice, with its label */
        get: operations["invoiceQr"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether KSeF has the very bytes that were handed in
         * @description The invoice is fetched back from KSeF by its number, once, when first asked for. KSeF allows 64 such calls an hour, so ask for the few that matter.
         */
        get: operations["invoiceConfirmation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/auth-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The active authentication sessions of the seller at KSeF, as KSeF last named them
         * @description Fetched when first asked for, and anew after a login; "fetchedAt" says when. KSeF allows 120 such calls an hour. KSeF does not name the context of a session: with shared credentials there may be some among them that they opened for other sellers.
         */
        get: operations["listAuthSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/auth-sessions/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an authentication session at KSeF; "current" is the one that wsad uses
         * @description Repeat the call after Retry-After seconds until it answers 204. wsad logs in anew by itself when it next has to, also for another seller whose session it was, which shared credentials may have opened.
         */
        delete: operations["revokeAuthSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log the seller in at KSeF now, from the start, so that its permissions are read anew */
        post: operations["loginSeller"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Back in line, once the cause is cured */
        post: operations["retryInvoice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Taken out for good */
        post: operations["withdrawInvoice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A person's verdict on a duplicate that cannot be told */
        post: operations["resolveInvoice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/held": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for a person, by seller and cause */
        get: operations["listHeld"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Held invoices back in line, once their cause is cured */
        post: operations["retryInvoices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Held invoices taken out for good */
        post: operations["withdrawInvoices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sellers this key is for, by NIP */
        get: operations["listSellers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Login, connection, what waits, and limits of one seller */
        get: operations["sellerStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set or replace the credentials of a seller
         * @description Creates the seller where new. Credentials can never be read again. Only a key for all sellers lets a seller use shared credentials.
         */
        put: operations["putSellerCredentials"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/credentials/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Set or replace credentials that serve many sellers */
        put: operations["putSharedCredentials"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/offline-certificate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whose the Offline certificate of a seller is, and until when */
        get: operations["offlineCertificate"];
        /** Set or replace the Offline certificate of a seller, which signs KOD II */
        put: operations["putOfflineCertificate"];
        post?: never;
        /** Delete the Offline certificate of a seller and its key */
        delete: operations["deleteOfflineCertificate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop sending for one seller */
        post: operations["pauseSeller"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop sending for all sellers */
        post: operations["pauseAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sellers/{nip}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start sending for one seller again */
        post: operations["resumeSeller"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start sending for all sellers again */
        post: operations["resumeAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sending sessions, newest first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One sending session with its parts, receipts and events */
        get: operations["session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API keys, without the keys themselves */
        get: operations["listKeys"];
        put?: never;
        /** Make an API key; it is shown this once */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an API key: it stops working at once */
        delete: operations["deleteKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in, and what that key may do */
        get: operations["pageSession"];
        put?: never;
        /**
         * Log in on a page: the answer sets the cookie "wsad_session"
         * @description The cookie is good wherever the key is. It ends after 12 hours without a call, after 7 days, when the key is deleted, or with DELETE. Calls with it that change something need the header "x-wsad-page: 1".
         */
        post: operations["openPageSession"];
        /** Log out: the session ends and the cookie goes */
        delete: operations["closePageSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What goes on: states, throughput, sessions under way, budgets, deadlines, incidents */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as server-sent events: "overview" at once and when it changed, once a second at most */
        get: operations["overviewEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** KSeF's availability: our own calls, its status service, decisions of people */
        get: operations["availability"];
        put?: never;
        /**
         * Decide that KSeF was, by law, unavailable or failed: it moves deadlines
         * @description The same kind and startedAt again only changes endedAt.
         */
        post: operations["decideAvailability"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks, without their secrets */
        get: operations["listWebhooks"];
        put?: never;
        /** Make a webhook; its secret is shown this once */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A webhook and how it fares */
        get: operations["webhook"];
        put?: never;
        post?: never;
        /** Delete a webhook, with what was still to be delivered */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook, disable it, or enable it again */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new secret, shown this once; the one before signs beside it for a day */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is, was or could not be delivered, newest first */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery of the type webhook.test, without items */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again: the same bytes under the same webhook-id */
        post: operations["redeliverToWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive */
        get: operations["liveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can it take invoices: is the ledger there. Without its queue it takes them all the same */
        get: operations["readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus metrics */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ProblemInput: {
            /** @description where the problem is explained */
            type: string;
            title: string;
            status: number;
            /** @description what was found and what to do */
            detail: string;
            /** @description id of this request in the logs */
            instance: string;
            /** @description stable code */
            code: string;
            /** @description every place of the request that is wrong */
            errors?: {
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        AuthSessionListInput: {
            /**
             * Format: date-time
             * @description when KSeF named them
             */
            fetchedAt: string;
            items: {
                reference: string;
                /** @description the one that wsad itself uses */
                current: boolean;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                startedAt: string;
                /** @description how it was opened, in the words of KSeF */
                method: string;
                status: {
                    code: number;
                    description: string;
                };
                /** @description until when it can be renewed */
                refreshUntil: string | null;
            }[];
        };
        LatarniaMessageInput: {
            id: string;
            version: number;
            /** @description messages on the same event share it */
            eventId: string | null;
            /** @description FAILURE, TOTAL_FAILURE, MAINTENANCE */
            category: string | null;
            /** @description FAILURE_START, FAILURE_END, MAINTENANCE_ANNOUNCEMENT */
            type: string | null;
            title: string | null;
            text: string | null;
            startsAt: string | null;
            endsAt: string | null;
            publishedAt: string | null;
        };
        OutageDecisionInput: {
            /**
             * @description unavailable: art. 106nh; failure: art. 106nf of the VAT act
             * @enum {string}
             */
            kind: "unavailable" | "failure";
            /** Format: date-time */
            startedAt: string;
            /** @description left out while it lasts */
            endedAt?: string | null;
        };
        OutageInput: {
            /**
             * @description unavailable: art. 106nh; failure: art. 106nf of the VAT act
             * @enum {string}
             */
            kind: "unavailable" | "failure";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            startedAt: string;
            /** @description null while it lasts */
            endedAt: string | null;
            decidedBy: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            decidedAt: string;
        };
        AvailabilityInput: {
            /** @enum {string} */
            connection: "up" | "degraded" | "down";
            /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
            latarnia: {
                /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                status: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readAt: string;
                /** @description those that came with the status */
                messages: components["schemas"]["LatarniaMessageInput"][];
            } | null;
            /** @description decided by people; they move deadlines */
            outages: components["schemas"]["OutageInput"][];
            /** @description everything the status service was heard to say, newest first */
            messages: components["schemas"]["LatarniaMessageInput"][];
        };
        InvoiceSummaryInput: {
            id: string;
            submissionId: string;
            externalId: string | null;
            fileName: string | null;
            /** @description the seller it was handed in for */
            nip: string;
            /** @description Podmiot1 */
            issuerNip: string;
            /** @description P_2 */
            invoiceNumber: string;
            /** @description RodzajFaktury */
            invoiceKind: string;
            /**
             * Format: date
             * @description P_1
             */
            issueDate: string;
            buyerName: string | null;
            buyerNip: string | null;
            /** @description P_15, as the invoice writes it */
            grossAmount: string | null;
            currency: string | null;
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @description SHA-256, base64 */
            sha256: string;
            sizeBytes: number;
            /** @enum {string} */
            state: "accepted" | "sending" | "processing" | "cleared" | "rejected" | "held" | "withdrawn";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            acceptedAt: string;
            settledAt: string | null;
            ksefNumber: string | null;
            /** @description a technical correction: SHA-256 (base64) of the offline invoice that it replaces */
            correctionOf: string | null;
            /** @description KSeF's own word: Online or Offline */
            invoicingMode: string | null;
            /** @description when KSeF gave the number */
            acquiredAt: string | null;
            sessionId: string | null;
            sessionReference: string | null;
            /** @description KOD I, for the QR code */
            verificationUrl: string | null;
            upoAvailable: boolean;
            error: {
                /** @description KSeF's code, or the cause of a hold */
                code: number | string;
                description: string;
                details: string[];
            } | null;
            /** @description why it waits for a person, and what to do */
            held: {
                cause: string;
                advice: string;
                detail: string | null;
            } | null;
        };
        InvoiceInput: {
            id: string;
            submissionId: string;
            externalId: string | null;
            fileName: string | null;
            /** @description the seller it was handed in for */
            nip: string;
            /** @description Podmiot1 */
            issuerNip: string;
            /** @description P_2 */
            invoiceNumber: string;
            /** @description RodzajFaktury */
            invoiceKind: string;
            /**
             * Format: date
             * @description P_1
             */
            issueDate: string;
            buyerName: string | null;
            buyerNip: string | null;
            /** @description P_15, as the invoice writes it */
            grossAmount: string | null;
            currency: string | null;
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @description SHA-256, base64 */
            sha256: string;
            sizeBytes: number;
            /** @enum {string} */
            state: "accepted" | "sending" | "processing" | "cleared" | "rejected" | "held" | "withdrawn";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            acceptedAt: string;
            settledAt: string | null;
            ksefNumber: string | null;
            /** @description a technical correction: SHA-256 (base64) of the offline invoice that it replaces */
            correctionOf: string | null;
            /** @description KSeF's own word: Online or Offline */
            invoicingMode: string | null;
            /** @description when KSeF gave the number */
            acquiredAt: string | null;
            sessionId: string | null;
            sessionReference: string | null;
            /** @description KOD I, for the QR code */
            verificationUrl: string | null;
            upoAvailable: boolean;
            error: {
                /** @description KSeF's code, or the cause of a hold */
                code: number | string;
                description: string;
                details: string[];
            } | null;
            /** @description why it waits for a person, and what to do */
            held: {
                cause: string;
                advice: string;
                detail: string | null;
            } | null;
            /** @description KOD II, for the second QR code of an offline invoice; signed anew in every answer */
            certificateVerificationUrl: string | null;
            /** @description what is worth knowing although nothing is wrong */
            warnings: {
                code: string;
                message: string;
            }[];
            /** @description what KSeF takes for its date of receipt, by KSeF's clock; null while it is not there */
            invoicingDate: string | null;
            /** @description KSeF marks it Offline by itself, as its issue day is over when it comes; null while that may go either way */
            markedOffline: boolean | null;
            /** @description until when it must be in KSeF; null for a withdrawn one */
            deadline: {
                /** @description the first moment that is too late; null while the outage lasts */
                at: string | null;
                /** @enum {string} */
                rule: "online" | "offline24" | "unavailable" | "failure";
                passed: boolean;
            } | null;
            timeline: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                event: string;
                /** @description who did it; "wsad" what it did by itself */
                actor: string;
                detail: {
                    [key: string]: unknown;
                };
                sessionId: string | null;
            }[];
        };
        ConfirmationInput: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            confirmedAt: string;
            /** @description KSeF has the very bytes that were handed in */
            matches: boolean;
            ksefNumber: string;
            /** @description of the invoice as it was handed in */
            sha256: string;
            /** @description of the bytes that KSeF gave */
            ksefSha256: string;
        };
        ResolutionInput: {
            /** @description the number under which KSeF has these very bytes */
            ksefNumber: string;
        } | {
            /**
             * @description KSeF has another invoice of this number
             * @constant
             */
            rejected: true;
        };
        SellerCredentialsInput: {
            /** @constant */
            type: "ksefToken";
            /** @description a KSeF token; never readable again */
            token: string;
        } | {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        } | {
            /** @constant */
            type: "shared";
            /** @description name of credentials put with PUT /v1/credentials/{name} */
            name: string;
        };
        SharedCredentialsInput: {
            /** @constant */
            type: "ksefToken";
            /** @description a KSeF token; never readable again */
            token: string;
        } | {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        };
        OfflineCertificateInput: {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        };
        CertificateInput: {
            /**
             * @description a person's, or a company's
             * @enum {string}
             */
            kind: "personal" | "seal" | "unknown";
            subject: string;
            serialNumber: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            validFrom: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            validTo: string;
            /** @description whole days left; below 0 when it has expired */
            expiresInDays: number;
            /** @description within 30 days */
            expiresSoon: boolean;
        };
        /** @description the invoices named, or those of a seller that one cause holds, 1,000 at a time */
        HeldChoiceInput: {
            ids: string[];
        } | {
            nip: string;
            /**
             * @description why they are held
             * @enum {string}
             */
            holdCause: "no_credentials" | "login_refused" | "login_blocked" | "permission_missing" | "attachment_consent" | "duplicate_unknown" | "session_failed" | "payload_damaged";
        };
        BulkResultInput: {
            /** @description how many it was done to */
            done: number;
            /** @description those named that there are none of, or that are not held; to be retried, those still damaged */
            refused: {
                id: string;
                /** @enum {string} */
                code: "NOT_FOUND" | "NOT_HELD" | "PAYLOAD_DAMAGED";
            }[];
            /** @description the cause holds more: call again */
            more: boolean;
        };
        HeldGroupInput: {
            nip: string;
            /**
             * @description why they are held
             * @enum {string}
             */
            holdCause: "no_credentials" | "login_refused" | "login_blocked" | "permission_missing" | "attachment_consent" | "duplicate_unknown" | "session_failed" | "payload_damaged";
            /** @description what all of them say beside the cause, often in the words of KSeF; null where they differ */
            holdDetail: string | null;
            invoices: number;
            /**
             * Format: date-time
             * @description since when the first of them has been held
             */
            oldestAt: string;
            /**
             * @description what helps: retry or resolve the invoices, or put credentials, grant permissions or consent, and they go on
             * @enum {string}
             */
            action: "credentials" | "permissions" | "consent" | "resolve" | "retry";
            advice: string;
        };
        NewKeyInput: {
            name: string;
            /** @description NIPs the key is for, or "all" */
            sellers: "all" | string[];
            /**
             * @description read: look; submit: also send, retry, withdraw, resolve, pause; admin: everything for its sellers
             * @enum {string}
             */
            role: "read" | "submit" | "admin";
        };
        CreatedKeyInput: {
            id: string;
            /** @description shown this once */
            key: string;
        };
        KeysInput: {
            items: {
                id: string;
                name: string;
                /** @description NIPs the key is for, or "all" */
                sellers: "all" | string[];
                /**
                 * @description read: look; submit: also send, retry, withdraw, resolve, pause; admin: everything for its sellers
                 * @enum {string}
                 */
                role: "read" | "submit" | "admin";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
            }[];
        };
        SubmissionInput: {
            id: string;
            nip: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description accepted invoices */
            total: number;
            refused: number;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description true while every accepted invoice is cleared, rejected, withdrawn or held */
            done: boolean;
            sessions: {
                id: string;
                /** @enum {string} */
                kind: "batch" | "interactive";
                reference: string | null;
                /** @enum {string} */
                state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
                /** @description how many invoices of this submission are in it */
                invoices: number;
            }[];
        };
        SubmissionSummaryInput: {
            id: string;
            nip: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description accepted invoices */
            total: number;
            refused: number;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description true while every accepted invoice is cleared, rejected, withdrawn or held */
            done: boolean;
        };
        OverviewInput: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description since the day began in Warsaw */
            today: {
                accepted: number;
                cleared: number;
                rejected: number;
                /** @description held then, and still waiting for a person */
                held: number;
            };
            /** @description the last 60 minutes, the oldest first */
            perMinute: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                accepted: number;
                cleared: number;
                rejected: number;
                /** @description held then, and still waiting for a person */
                held: number;
            }[];
            inLine: {
                /** @description accepted, and not yet put into a session */
                total: number;
                /** @description when the oldest whose issue day has come was accepted */
                oldestAt: string | null;
                /** @description whose invoices they are */
                sellers: number;
            };
            /** @description being sent or waited for, the newest 50 */
            sessions: {
                id: string;
                nip: string;
                /** @enum {string} */
                kind: "batch" | "interactive";
                /** @enum {string} */
                state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
                reference: string | null;
                invoices: number;
                /** @description bytes */
                bytes: number;
                partsSent: number;
                parts: number;
                openedAt: string | null;
            }[];
            /** @description calls to KSeF, the 20 windows nearest to their limits */
            budgets: {
                nip: string;
                group: string;
                used: number;
                limit: number;
                windowSeconds: number;
            }[];
            /** @description of what waits, the first 20; those that have passed come first */
            deadlines: {
                nip: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                dueAt: string;
                invoices: number;
            }[];
            incidents: {
                /** @enum {string} */
                kind: "ksefDown" | "ksefDegraded" | "latarnia" | "allPaused" | "sellerPaused" | "loginRefused" | "loginBlocked" | "certificateRunsOut" | "reconciling" | "payloadDamaged" | "webhookFailing" | "webhookDisabled" | "queueUnreachable";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                since: string;
                /** @description what it is and what to do, in plain words */
                text: string;
                /** @description null where it is about all, about shared credentials or about a webhook */
                nip: string | null;
            }[];
            connection: {
                /** @enum {string} */
                state: "up" | "degraded" | "down";
                lastSuccessAt: string | null;
                latencyMs: number | null;
                /** @description KSeF's clock less ours, as the last login showed it */
                clock: {
                    offsetMs: number;
                    uncertaintyMs: number;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                } | null;
                /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
                latarnia: {
                    /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                    status: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                    /** @description those that came with the status */
                    messages: components["schemas"]["LatarniaMessageInput"][];
                } | null;
                /** @description what KSeF has announced beside its answers within the last day, in its own words */
                warnings: {
                    text: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    lastSeenAt: string;
                }[];
            };
            /** @description sending is stopped for all sellers */
            paused: boolean;
        };
        PageLoginInput: {
            /** @description an API key or the administrator token */
            key: string;
        };
        PageSessionInput: {
            /** @description as the audit trail names it: "admin-token" or "key:" and its id */
            actor: string;
            /** @enum {string} */
            role: "read" | "submit" | "admin";
            /** @description NIPs the key is for, or "all" */
            sellers: "all" | string[];
            /** @description when the session ends unless it is used; null for a key itself */
            expiresAt: string | null;
        };
        SellerStatusInput: {
            nip: string;
            authentication: {
                /** @enum {string} */
                state: "none" | "opening" | "active" | "expired" | "refused" | "blocked";
                /**
                 * @description what it logs in with, if anything
                 * @enum {string}
                 */
                credentials: "none" | "own" | "shared";
                method: string | null;
                validUntil: string | null;
                permissions: string[];
                /** @description permissions that sending goes without, but reading back and following others do not */
                recommendedMissing: string[];
                lastError: string | null;
                /** @description the one that logs in; null for KSeF tokens */
                certificate: components["schemas"]["CertificateInput"] | null;
            };
            connection: {
                /** @enum {string} */
                state: "up" | "degraded" | "down";
                lastSuccessAt: string | null;
                latencyMs: number | null;
                /** @description KSeF's clock less ours, as the last login showed it */
                clock: {
                    offsetMs: number;
                    uncertaintyMs: number;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                } | null;
                /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
                latarnia: {
                    /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                    status: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                    /** @description those that came with the status */
                    messages: components["schemas"]["LatarniaMessageInput"][];
                } | null;
                /** @description what KSeF has announced beside its answers within the last day, in its own words */
                warnings: {
                    text: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    lastSeenAt: string;
                }[];
            };
            paused: boolean;
            /** @description the ledger was put back or begun anew: KSeF is asked what it got since then, and nothing is begun before */
            reconciling: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                since: string;
                lastError: string | null;
            } | null;
            ready: boolean;
            /** @description why it is not ready and what to do, in plain words; or a remark */
            reason: string | null;
            /** @description accepted invoices that have no verdict yet */
            pending: number;
            /** @description invoices that wait for a person */
            held: number;
            nextDispatchAt: string | null;
            /** @description the first deadline of what waits that has not passed */
            nextDeadlineAt: string | null;
            /** @description waiting invoices whose deadline is less than four hours away */
            deadlinesNear: number;
            /** @description waiting invoices whose deadline has passed */
            deadlinesPassed: number;
            limits: {
                group: string;
                used: number;
                limit: number;
                windowSeconds: number;
            }[];
        };
        SellerSummaryInput: {
            nip: string;
            paused: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @enum {string} */
            authentication: "none" | "opening" | "active" | "expired" | "refused" | "blocked";
            method: string | null;
            validUntil: string | null;
            ready: boolean;
            /** @description why it is not ready and what to do, in plain words; or a remark */
            reason: string | null;
            /** @description accepted invoices that have no verdict yet */
            pending: number;
            /** @description invoices that wait for a person */
            held: number;
        };
        SessionSummaryInput: {
            id: string;
            nip: string;
            /** @enum {string} */
            kind: "batch" | "interactive";
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @enum {string} */
            state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
            /** @description KSeF's reference number */
            reference: string | null;
            counts: {
                invoices: number;
                cleared: number;
                rejected: number;
                held: number;
                /** @description sent once more in another session */
                again: number;
            };
            /** @description how many parts the package has */
            parts: number;
            /** @description bytes */
            plainBytes: number;
            packageBytes: number | null;
            compression: string | null;
            timings: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                claimedAt: string;
                openedAt: string | null;
                closingAt: string | null;
                closedAt: string | null;
                endedAt: string | null;
            };
            /** @description sent to find out which invoices made an earlier session fail */
            trial: {
                /** @description the session with whose failure it began */
                firstSessionId: string;
                /** @description the one that failed with these invoices last */
                failedSessionId: string;
                /** @description sessions in a row that KSeF failed with them before */
                failures: number;
            } | null;
            error: {
                code: number | null;
                description: string;
                details: string[];
            } | null;
        };
        SessionInput: {
            id: string;
            nip: string;
            /** @enum {string} */
            kind: "batch" | "interactive";
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @enum {string} */
            state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
            /** @description KSeF's reference number */
            reference: string | null;
            counts: {
                invoices: number;
                cleared: number;
                rejected: number;
                held: number;
                /** @description sent once more in another session */
                again: number;
            };
            /** @description how many parts the package has */
            parts: number;
            /** @description bytes */
            plainBytes: number;
            packageBytes: number | null;
            compression: string | null;
            timings: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                claimedAt: string;
                openedAt: string | null;
                closingAt: string | null;
                closedAt: string | null;
                endedAt: string | null;
            };
            /** @description sent to find out which invoices made an earlier session fail */
            trial: {
                /** @description the session with whose failure it began */
                firstSessionId: string;
                /** @description the one that failed with these invoices last */
                failedSessionId: string;
                /** @description sessions in a row that KSeF failed with them before */
                failures: number;
            } | null;
            error: {
                code: number | null;
                description: string;
                details: string[];
            } | null;
            partList: {
                ordinal: number;
                /** @description bytes */
                sizeBytes: number;
                sha256: string;
                uploadedAt: string | null;
            }[];
            receipts: {
                page: number;
                reference: string;
                sha256: string;
            }[];
            events: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                event: string;
                /** @description who did it; "wsad" what it did by itself */
                actor: string;
                detail: {
                    [key: string]: unknown;
                };
            }[];
        };
        SubmittedInvoiceInput: {
            /** @description null where refused */
            id: string | null;
            externalId: string | null;
            fileName: string | null;
            /** @description P_2 */
            invoiceNumber: string | null;
            /** @description SHA-256, base64 */
            sha256: string;
            /** @description "refused", or the state of the invoice */
            state: string;
            errors: {
                code: string;
                message: string;
                line: number | null;
                /** @description the invoice that has this number already */
                earlier?: {
                    id: string;
                    state: string;
                    ksefNumber: string | null;
                };
            }[];
        };
        SubmittedInput: {
            submissionId: string;
            accepted: number;
            refused: number;
            /** @description in the order given */
            invoices: components["schemas"]["SubmittedInvoiceInput"][];
        };
        AllRefusedInput: {
            /** @description where the problem is explained */
            type: string;
            title: string;
            status: number;
            /** @description what was found and what to do */
            detail: string;
            /** @description id of this request in the logs */
            instance: string;
            /** @description stable code */
            code: string;
            /** @description every place of the request that is wrong */
            errors?: {
                path: string;
                message: string;
            }[];
            submissionId?: string | null;
            accepted?: number;
            refused?: number;
            invoices?: components["schemas"]["SubmittedInvoiceInput"][];
        } & {
            [key: string]: unknown;
        };
        NewWebhookInput: {
            /** @description https and a public host, unless the host is named in WSAD_WEBHOOK_HOSTS */
            url: string;
            /**
             * @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed.
             * @default all
             */
            events: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers: "all" | string[];
            /** @default null */
            description: string | null;
        };
        WebhookChangeInput: {
            /** @description https and a public host, unless the host is named in WSAD_WEBHOOK_HOSTS */
            url?: string;
            /** @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed. */
            events?: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers?: "all" | string[];
            description?: string | null;
            /** @description false: nothing goes to it any more; true: it begins anew */
            active?: boolean;
        };
        CreatedWebhookInput: {
            id: string;
            /** @description "whsec_" and base64; signs what is sent; shown this once */
            secret: string;
        };
        RotatedWebhookInput: {
            /** @description "whsec_" and base64; signs what is sent; shown this once */
            secret: string;
            /**
             * Format: date-time
             * @description until then the secret before it signs as well
             */
            earlierUntil: string;
        };
        WebhookInput: {
            id: string;
            url: string;
            description: string | null;
            /** @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed. */
            events: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers: "all" | string[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            active: boolean;
            disabledAt: string | null;
            /** @description why it is not served. failing: It took nothing for five days. gone: It answered 410 Gone. secretLost: The vault key was lost, and its secret with it: rotate the secret, then enable it. person: Somebody disabled it. */
            disabledWhy: ("failing" | "gone" | "secretLost" | "person") | null;
            /** @description tries in a row that failed */
            failures: number;
            failingSince: string | null;
            lastSuccessAt: string | null;
            earlierSecretUntil: string | null;
        };
        WebhooksInput: {
            items: components["schemas"]["WebhookInput"][];
        };
        WebhookDeliveryInput: {
            /** @description also in the header "webhook-id" */
            id: string;
            event: string;
            items: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * @description pending: it is tried, or tried again; failed: it is not tried again
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            tries: number;
            /** @description when it is tried next */
            nextAt: string | null;
            lastTriedAt: string | null;
            /** @description HTTP status of the last answer; null where none came */
            lastStatus: number | null;
            lastError: string | null;
        };
        WebhookDeliveriesInput: {
            items: components["schemas"]["WebhookDeliveryInput"][];
            /** @description to be sent as "cursor" for the next page; null on the last */
            nextCursor: string | null;
        };
        DeliveryAskedInput: {
            deliveryId: string;
        };
        Problem: {
            /** @description where the problem is explained */
            type: string;
            title: string;
            status: number;
            /** @description what was found and what to do */
            detail: string;
            /** @description id of this request in the logs */
            instance: string;
            /** @description stable code */
            code: string;
            /** @description every place of the request that is wrong */
            errors?: {
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        AuthSessionList: {
            /**
             * Format: date-time
             * @description when KSeF named them
             */
            fetchedAt: string;
            items: {
                reference: string;
                /** @description the one that wsad itself uses */
                current: boolean;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                startedAt: string;
                /** @description how it was opened, in the words of KSeF */
                method: string;
                status: {
                    code: number;
                    description: string;
                };
                /** @description until when it can be renewed */
                refreshUntil: string | null;
            }[];
        };
        LatarniaMessage: {
            id: string;
            version: number;
            /** @description messages on the same event share it */
            eventId: string | null;
            /** @description FAILURE, TOTAL_FAILURE, MAINTENANCE */
            category: string | null;
            /** @description FAILURE_START, FAILURE_END, MAINTENANCE_ANNOUNCEMENT */
            type: string | null;
            title: string | null;
            text: string | null;
            startsAt: string | null;
            endsAt: string | null;
            publishedAt: string | null;
        };
        OutageDecision: {
            /**
             * @description unavailable: art. 106nh; failure: art. 106nf of the VAT act
             * @enum {string}
             */
            kind: "unavailable" | "failure";
            /** Format: date-time */
            startedAt: string;
            /** @description left out while it lasts */
            endedAt?: string | null;
        };
        Outage: {
            /**
             * @description unavailable: art. 106nh; failure: art. 106nf of the VAT act
             * @enum {string}
             */
            kind: "unavailable" | "failure";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            startedAt: string;
            /** @description null while it lasts */
            endedAt: string | null;
            decidedBy: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            decidedAt: string;
        };
        Availability: {
            /** @enum {string} */
            connection: "up" | "degraded" | "down";
            /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
            latarnia: {
                /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                status: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                readAt: string;
                /** @description those that came with the status */
                messages: components["schemas"]["LatarniaMessage"][];
            } | null;
            /** @description decided by people; they move deadlines */
            outages: components["schemas"]["Outage"][];
            /** @description everything the status service was heard to say, newest first */
            messages: components["schemas"]["LatarniaMessage"][];
        };
        InvoiceSummary: {
            id: string;
            submissionId: string;
            externalId: string | null;
            fileName: string | null;
            /** @description the seller it was handed in for */
            nip: string;
            /** @description Podmiot1 */
            issuerNip: string;
            /** @description P_2 */
            invoiceNumber: string;
            /** @description RodzajFaktury */
            invoiceKind: string;
            /**
             * Format: date
             * @description P_1
             */
            issueDate: string;
            buyerName: string | null;
            buyerNip: string | null;
            /** @description P_15, as the invoice writes it */
            grossAmount: string | null;
            currency: string | null;
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @description SHA-256, base64 */
            sha256: string;
            sizeBytes: number;
            /** @enum {string} */
            state: "accepted" | "sending" | "processing" | "cleared" | "rejected" | "held" | "withdrawn";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            acceptedAt: string;
            settledAt: string | null;
            ksefNumber: string | null;
            /** @description a technical correction: SHA-256 (base64) of the offline invoice that it replaces */
            correctionOf: string | null;
            /** @description KSeF's own word: Online or Offline */
            invoicingMode: string | null;
            /** @description when KSeF gave the number */
            acquiredAt: string | null;
            sessionId: string | null;
            sessionReference: string | null;
            /** @description KOD I, for the QR code */
            verificationUrl: string | null;
            upoAvailable: boolean;
            error: {
                /** @description KSeF's code, or the cause of a hold */
                code: number | string;
                description: string;
                details: string[];
            } | null;
            /** @description why it waits for a person, and what to do */
            held: {
                cause: string;
                advice: string;
                detail: string | null;
            } | null;
        };
        Invoice: {
            id: string;
            submissionId: string;
            externalId: string | null;
            fileName: string | null;
            /** @description the seller it was handed in for */
            nip: string;
            /** @description Podmiot1 */
            issuerNip: string;
            /** @description P_2 */
            invoiceNumber: string;
            /** @description RodzajFaktury */
            invoiceKind: string;
            /**
             * Format: date
             * @description P_1
             */
            issueDate: string;
            buyerName: string | null;
            buyerNip: string | null;
            /** @description P_15, as the invoice writes it */
            grossAmount: string | null;
            currency: string | null;
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @description SHA-256, base64 */
            sha256: string;
            sizeBytes: number;
            /** @enum {string} */
            state: "accepted" | "sending" | "processing" | "cleared" | "rejected" | "held" | "withdrawn";
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            acceptedAt: string;
            settledAt: string | null;
            ksefNumber: string | null;
            /** @description a technical correction: SHA-256 (base64) of the offline invoice that it replaces */
            correctionOf: string | null;
            /** @description KSeF's own word: Online or Offline */
            invoicingMode: string | null;
            /** @description when KSeF gave the number */
            acquiredAt: string | null;
            sessionId: string | null;
            sessionReference: string | null;
            /** @description KOD I, for the QR code */
            verificationUrl: string | null;
            upoAvailable: boolean;
            error: {
                /** @description KSeF's code, or the cause of a hold */
                code: number | string;
                description: string;
                details: string[];
            } | null;
            /** @description why it waits for a person, and what to do */
            held: {
                cause: string;
                advice: string;
                detail: string | null;
            } | null;
            /** @description KOD II, for the second QR code of an offline invoice; signed anew in every answer */
            certificateVerificationUrl: string | null;
            /** @description what is worth knowing although nothing is wrong */
            warnings: {
                code: string;
                message: string;
            }[];
            /** @description what KSeF takes for its date of receipt, by KSeF's clock; null while it is not there */
            invoicingDate: string | null;
            /** @description KSeF marks it Offline by itself, as its issue day is over when it comes; null while that may go either way */
            markedOffline: boolean | null;
            /** @description until when it must be in KSeF; null for a withdrawn one */
            deadline: {
                /** @description the first moment that is too late; null while the outage lasts */
                at: string | null;
                /** @enum {string} */
                rule: "online" | "offline24" | "unavailable" | "failure";
                passed: boolean;
            } | null;
            timeline: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                event: string;
                /** @description who did it; "wsad" what it did by itself */
                actor: string;
                detail: {
                    [key: string]: unknown;
                };
                sessionId: string | null;
            }[];
        };
        Confirmation: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            confirmedAt: string;
            /** @description KSeF has the very bytes that were handed in */
            matches: boolean;
            ksefNumber: string;
            /** @description of the invoice as it was handed in */
            sha256: string;
            /** @description of the bytes that KSeF gave */
            ksefSha256: string;
        };
        Resolution: {
            /** @description the number under which KSeF has these very bytes */
            ksefNumber: string;
        } | {
            /**
             * @description KSeF has another invoice of this number
             * @constant
             */
            rejected: true;
        };
        SellerCredentials: {
            /** @constant */
            type: "ksefToken";
            /** @description a KSeF token; never readable again */
            token: string;
        } | {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        } | {
            /** @constant */
            type: "shared";
            /** @description name of credentials put with PUT /v1/credentials/{name} */
            name: string;
        };
        SharedCredentials: {
            /** @constant */
            type: "ksefToken";
            /** @description a KSeF token; never readable again */
            token: string;
        } | {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        };
        OfflineCertificate: {
            /** @constant */
            type: "certificate";
            /** @description may hold a chain: the certificate that the key belongs to is used */
            certificatePem?: string;
            /** @description RSA of at least 2048 bits, or EC on P-256; may be encrypted */
            privateKeyPem?: string;
            /**
             * Format: base64
             * @description instead of both: a .p12 or .pfx file in base64
             */
            pkcs12?: string;
            /** @description of the key or the file; it is not kept */
            passphrase?: string;
        };
        Certificate: {
            /**
             * @description a person's, or a company's
             * @enum {string}
             */
            kind: "personal" | "seal" | "unknown";
            subject: string;
            serialNumber: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            validFrom: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            validTo: string;
            /** @description whole days left; below 0 when it has expired */
            expiresInDays: number;
            /** @description within 30 days */
            expiresSoon: boolean;
        };
        /** @description the invoices named, or those of a seller that one cause holds, 1,000 at a time */
        HeldChoice: {
            ids: string[];
        } | {
            nip: string;
            /**
             * @description why they are held
             * @enum {string}
             */
            holdCause: "no_credentials" | "login_refused" | "login_blocked" | "permission_missing" | "attachment_consent" | "duplicate_unknown" | "session_failed" | "payload_damaged";
        };
        BulkResult: {
            /** @description how many it was done to */
            done: number;
            /** @description those named that there are none of, or that are not held; to be retried, those still damaged */
            refused: {
                id: string;
                /** @enum {string} */
                code: "NOT_FOUND" | "NOT_HELD" | "PAYLOAD_DAMAGED";
            }[];
            /** @description the cause holds more: call again */
            more: boolean;
        };
        HeldGroup: {
            nip: string;
            /**
             * @description why they are held
             * @enum {string}
             */
            holdCause: "no_credentials" | "login_refused" | "login_blocked" | "permission_missing" | "attachment_consent" | "duplicate_unknown" | "session_failed" | "payload_damaged";
            /** @description what all of them say beside the cause, often in the words of KSeF; null where they differ */
            holdDetail: string | null;
            invoices: number;
            /**
             * Format: date-time
             * @description since when the first of them has been held
             */
            oldestAt: string;
            /**
             * @description what helps: retry or resolve the invoices, or put credentials, grant permissions or consent, and they go on
             * @enum {string}
             */
            action: "credentials" | "permissions" | "consent" | "resolve" | "retry";
            advice: string;
        };
        NewKey: {
            name: string;
            /** @description NIPs the key is for, or "all" */
            sellers: "all" | string[];
            /**
             * @description read: look; submit: also send, retry, withdraw, resolve, pause; admin: everything for its sellers
             * @enum {string}
             */
            role: "read" | "submit" | "admin";
        };
        CreatedKey: {
            id: string;
            /** @description shown this once */
            key: string;
        };
        Keys: {
            items: {
                id: string;
                name: string;
                /** @description NIPs the key is for, or "all" */
                sellers: "all" | string[];
                /**
                 * @description read: look; submit: also send, retry, withdraw, resolve, pause; admin: everything for its sellers
                 * @enum {string}
                 */
                role: "read" | "submit" | "admin";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                createdAt: string;
            }[];
        };
        Submission: {
            id: string;
            nip: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description accepted invoices */
            total: number;
            refused: number;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description true while every accepted invoice is cleared, rejected, withdrawn or held */
            done: boolean;
            sessions: {
                id: string;
                /** @enum {string} */
                kind: "batch" | "interactive";
                reference: string | null;
                /** @enum {string} */
                state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
                /** @description how many invoices of this submission are in it */
                invoices: number;
            }[];
        };
        SubmissionSummary: {
            id: string;
            nip: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @description accepted invoices */
            total: number;
            refused: number;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description true while every accepted invoice is cleared, rejected, withdrawn or held */
            done: boolean;
        };
        Overview: {
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            at: string;
            /** @description how many are in each state */
            byState: {
                [key: string]: number;
            };
            /** @description since the day began in Warsaw */
            today: {
                accepted: number;
                cleared: number;
                rejected: number;
                /** @description held then, and still waiting for a person */
                held: number;
            };
            /** @description the last 60 minutes, the oldest first */
            perMinute: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                accepted: number;
                cleared: number;
                rejected: number;
                /** @description held then, and still waiting for a person */
                held: number;
            }[];
            inLine: {
                /** @description accepted, and not yet put into a session */
                total: number;
                /** @description when the oldest whose issue day has come was accepted */
                oldestAt: string | null;
                /** @description whose invoices they are */
                sellers: number;
            };
            /** @description being sent or waited for, the newest 50 */
            sessions: {
                id: string;
                nip: string;
                /** @enum {string} */
                kind: "batch" | "interactive";
                /** @enum {string} */
                state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
                reference: string | null;
                invoices: number;
                /** @description bytes */
                bytes: number;
                partsSent: number;
                parts: number;
                openedAt: string | null;
            }[];
            /** @description calls to KSeF, the 20 windows nearest to their limits */
            budgets: {
                nip: string;
                group: string;
                used: number;
                limit: number;
                windowSeconds: number;
            }[];
            /** @description of what waits, the first 20; those that have passed come first */
            deadlines: {
                nip: string;
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                dueAt: string;
                invoices: number;
            }[];
            incidents: {
                /** @enum {string} */
                kind: "ksefDown" | "ksefDegraded" | "latarnia" | "allPaused" | "sellerPaused" | "loginRefused" | "loginBlocked" | "certificateRunsOut" | "reconciling" | "payloadDamaged" | "webhookFailing" | "webhookDisabled" | "queueUnreachable";
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                since: string;
                /** @description what it is and what to do, in plain words */
                text: string;
                /** @description null where it is about all, about shared credentials or about a webhook */
                nip: string | null;
            }[];
            connection: {
                /** @enum {string} */
                state: "up" | "degraded" | "down";
                lastSuccessAt: string | null;
                latencyMs: number | null;
                /** @description KSeF's clock less ours, as the last login showed it */
                clock: {
                    offsetMs: number;
                    uncertaintyMs: number;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                } | null;
                /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
                latarnia: {
                    /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                    status: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                    /** @description those that came with the status */
                    messages: components["schemas"]["LatarniaMessage"][];
                } | null;
                /** @description what KSeF has announced beside its answers within the last day, in its own words */
                warnings: {
                    text: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    lastSeenAt: string;
                }[];
            };
            /** @description sending is stopped for all sellers */
            paused: boolean;
        };
        PageLogin: {
            /** @description an API key or the administrator token */
            key: string;
        };
        PageSession: {
            /** @description as the audit trail names it: "admin-token" or "key:" and its id */
            actor: string;
            /** @enum {string} */
            role: "read" | "submit" | "admin";
            /** @description NIPs the key is for, or "all" */
            sellers: "all" | string[];
            /** @description when the session ends unless it is used; null for a key itself */
            expiresAt: string | null;
        };
        SellerStatus: {
            nip: string;
            authentication: {
                /** @enum {string} */
                state: "none" | "opening" | "active" | "expired" | "refused" | "blocked";
                /**
                 * @description what it logs in with, if anything
                 * @enum {string}
                 */
                credentials: "none" | "own" | "shared";
                method: string | null;
                validUntil: string | null;
                permissions: string[];
                /** @description permissions that sending goes without, but reading back and following others do not */
                recommendedMissing: string[];
                lastError: string | null;
                /** @description the one that logs in; null for KSeF tokens */
                certificate: components["schemas"]["Certificate"] | null;
            };
            connection: {
                /** @enum {string} */
                state: "up" | "degraded" | "down";
                lastSuccessAt: string | null;
                latencyMs: number | null;
                /** @description KSeF's clock less ours, as the last login showed it */
                clock: {
                    offsetMs: number;
                    uncertaintyMs: number;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                } | null;
                /** @description KSeF's own status service; null where it has not been read. It decides nothing here. */
                latarnia: {
                    /** @description AVAILABLE, MAINTENANCE, FAILURE, TOTAL_FAILURE */
                    status: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    readAt: string;
                    /** @description those that came with the status */
                    messages: components["schemas"]["LatarniaMessage"][];
                } | null;
                /** @description what KSeF has announced beside its answers within the last day, in its own words */
                warnings: {
                    text: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description ISO 8601, UTC
                     */
                    lastSeenAt: string;
                }[];
            };
            paused: boolean;
            /** @description the ledger was put back or begun anew: KSeF is asked what it got since then, and nothing is begun before */
            reconciling: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                since: string;
                lastError: string | null;
            } | null;
            ready: boolean;
            /** @description why it is not ready and what to do, in plain words; or a remark */
            reason: string | null;
            /** @description accepted invoices that have no verdict yet */
            pending: number;
            /** @description invoices that wait for a person */
            held: number;
            nextDispatchAt: string | null;
            /** @description the first deadline of what waits that has not passed */
            nextDeadlineAt: string | null;
            /** @description waiting invoices whose deadline is less than four hours away */
            deadlinesNear: number;
            /** @description waiting invoices whose deadline has passed */
            deadlinesPassed: number;
            limits: {
                group: string;
                used: number;
                limit: number;
                windowSeconds: number;
            }[];
        };
        SellerSummary: {
            nip: string;
            paused: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /** @enum {string} */
            authentication: "none" | "opening" | "active" | "expired" | "refused" | "blocked";
            method: string | null;
            validUntil: string | null;
            ready: boolean;
            /** @description why it is not ready and what to do, in plain words; or a remark */
            reason: string | null;
            /** @description accepted invoices that have no verdict yet */
            pending: number;
            /** @description invoices that wait for a person */
            held: number;
        };
        SessionSummary: {
            id: string;
            nip: string;
            /** @enum {string} */
            kind: "batch" | "interactive";
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @enum {string} */
            state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
            /** @description KSeF's reference number */
            reference: string | null;
            counts: {
                invoices: number;
                cleared: number;
                rejected: number;
                held: number;
                /** @description sent once more in another session */
                again: number;
            };
            /** @description how many parts the package has */
            parts: number;
            /** @description bytes */
            plainBytes: number;
            packageBytes: number | null;
            compression: string | null;
            timings: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                claimedAt: string;
                openedAt: string | null;
                closingAt: string | null;
                closedAt: string | null;
                endedAt: string | null;
            };
            /** @description sent to find out which invoices made an earlier session fail */
            trial: {
                /** @description the session with whose failure it began */
                firstSessionId: string;
                /** @description the one that failed with these invoices last */
                failedSessionId: string;
                /** @description sessions in a row that KSeF failed with them before */
                failures: number;
            } | null;
            error: {
                code: number | null;
                description: string;
                details: string[];
            } | null;
        };
        Session: {
            id: string;
            nip: string;
            /** @enum {string} */
            kind: "batch" | "interactive";
            form: string;
            /** @enum {string} */
            mode: "online" | "offline";
            /** @enum {string} */
            state: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
            /** @description KSeF's reference number */
            reference: string | null;
            counts: {
                invoices: number;
                cleared: number;
                rejected: number;
                held: number;
                /** @description sent once more in another session */
                again: number;
            };
            /** @description how many parts the package has */
            parts: number;
            /** @description bytes */
            plainBytes: number;
            packageBytes: number | null;
            compression: string | null;
            timings: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                claimedAt: string;
                openedAt: string | null;
                closingAt: string | null;
                closedAt: string | null;
                endedAt: string | null;
            };
            /** @description sent to find out which invoices made an earlier session fail */
            trial: {
                /** @description the session with whose failure it began */
                firstSessionId: string;
                /** @description the one that failed with these invoices last */
                failedSessionId: string;
                /** @description sessions in a row that KSeF failed with them before */
                failures: number;
            } | null;
            error: {
                code: number | null;
                description: string;
                details: string[];
            } | null;
            partList: {
                ordinal: number;
                /** @description bytes */
                sizeBytes: number;
                sha256: string;
                uploadedAt: string | null;
            }[];
            receipts: {
                page: number;
                reference: string;
                sha256: string;
            }[];
            events: {
                /**
                 * Format: date-time
                 * @description ISO 8601, UTC
                 */
                at: string;
                event: string;
                /** @description who did it; "wsad" what it did by itself */
                actor: string;
                detail: {
                    [key: string]: unknown;
                };
            }[];
        };
        SubmittedInvoice: {
            /** @description null where refused */
            id: string | null;
            externalId: string | null;
            fileName: string | null;
            /** @description P_2 */
            invoiceNumber: string | null;
            /** @description SHA-256, base64 */
            sha256: string;
            /** @description "refused", or the state of the invoice */
            state: string;
            errors: {
                code: string;
                message: string;
                line: number | null;
                /** @description the invoice that has this number already */
                earlier?: {
                    id: string;
                    state: string;
                    ksefNumber: string | null;
                };
            }[];
        };
        Submitted: {
            submissionId: string;
            accepted: number;
            refused: number;
            /** @description in the order given */
            invoices: components["schemas"]["SubmittedInvoice"][];
        };
        AllRefused: {
            /** @description where the problem is explained */
            type: string;
            title: string;
            status: number;
            /** @description what was found and what to do */
            detail: string;
            /** @description id of this request in the logs */
            instance: string;
            /** @description stable code */
            code: string;
            /** @description every place of the request that is wrong */
            errors?: {
                path: string;
                message: string;
            }[];
            submissionId?: string | null;
            accepted?: number;
            refused?: number;
            invoices?: components["schemas"]["SubmittedInvoice"][];
        } & {
            [key: string]: unknown;
        };
        NewWebhook: {
            /** @description https and a public host, unless the host is named in WSAD_WEBHOOK_HOSTS */
            url: string;
            /**
             * @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed.
             * @default all
             */
            events: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers: "all" | string[];
            /** @default null */
            description: string | null;
        };
        WebhookChange: {
            /** @description https and a public host, unless the host is named in WSAD_WEBHOOK_HOSTS */
            url?: string;
            /** @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed. */
            events?: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers?: "all" | string[];
            description?: string | null;
            /** @description false: nothing goes to it any more; true: it begins anew */
            active?: boolean;
        };
        CreatedWebhook: {
            id: string;
            /** @description "whsec_" and base64; signs what is sent; shown this once */
            secret: string;
        };
        RotatedWebhook: {
            /** @description "whsec_" and base64; signs what is sent; shown this once */
            secret: string;
            /**
             * Format: date-time
             * @description until then the secret before it signs as well
             */
            earlierUntil: string;
        };
        Webhook: {
            id: string;
            url: string;
            description: string | null;
            /** @description what to tell of, or "all". invoice.cleared: Invoices have a KSeF number: final. invoice.rejected: Invoices were refused by KSeF, with its verdict: final. invoice.held: Invoices wait for a person or a cure, for the cause named. submission.done: wsad has nothing more to do by itself for a submission. Told again when something that was held has come to another end. seller.authentication.changed: A seller's login began to work, was refused or was blocked. deadline.near: Invoices still wait four hours or one hour before their deadline, or when it has passed. */
            events: "all" | ("invoice.cleared" | "invoice.rejected" | "invoice.held" | "submission.done" | "seller.authentication.changed" | "deadline.near")[];
            /** @description NIPs to tell of, or "all" (administrators of all sellers alone) */
            sellers: "all" | string[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            active: boolean;
            disabledAt: string | null;
            /** @description why it is not served. failing: It took nothing for five days. gone: It answered 410 Gone. secretLost: The vault key was lost, and its secret with it: rotate the secret, then enable it. person: Somebody disabled it. */
            disabledWhy: ("failing" | "gone" | "secretLost" | "person") | null;
            /** @description tries in a row that failed */
            failures: number;
            failingSince: string | null;
            lastSuccessAt: string | null;
            earlierSecretUntil: string | null;
        };
        Webhooks: {
            items: components["schemas"]["Webhook"][];
        };
        WebhookDelivery: {
            /** @description also in the header "webhook-id" */
            id: string;
            event: string;
            items: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC
             */
            createdAt: string;
            /**
             * @description pending: it is tried, or tried again; failed: it is not tried again
             * @enum {string}
             */
            state: "pending" | "delivered" | "failed";
            tries: number;
            /** @description when it is tried next */
            nextAt: string | null;
            lastTriedAt: string | null;
            /** @description HTTP status of the last answer; null where none came */
            lastStatus: number | null;
            lastError: string | null;
        };
        WebhookDeliveries: {
            items: components["schemas"]["WebhookDelivery"][];
            /** @description to be sent as "cursor" for the next page; null on the last */
            nextCursor: string | null;
        };
        DeliveryAsked: {
            deliveryId: string;
        };
    };
    responses: never;
    parameters: {
        /** @description names the call in logs and timelines; anything that does not fit is replaced */
        RequestId: string;
    };
    requestBodies: never;
    headers: {
        /** @description by what logs and timelines tell the call */
        RequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    submitInvoices: {
        parameters: {
            query?: {
                /** @description true: sent in offline mode */
                offline?: "0" | "1" | "true" | "false" | "";
                /** @description true: sent at once, without waiting a moment for neighbours */
                urgent?: "0" | "1" | "true" | "false" | "";
                /** @description true: who issues the invoices (Podmiot1, in FA_RR Podmiot2) may be another NIP than the one of the path */
                onBehalf?: "0" | "1" | "true" | "false" | "";
                /** @description a technical correction: id or SHA-256 (base64, base64url) of the offline invoice KSeF refused */
                correctionOf?: string;
            };
            header?: {
                /** @description 1 to 255 visible ASCII characters: the same key and invoices again get the first answer */
                "idempotency-key"?: string;
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/xml": string;
                "text/xml": string;
                "application/json": {
                    invoices: {
                        externalId?: string | null;
                        correctionOf?: string | null;
                        xml: string;
                    }[];
                };
                "application/zip": string;
                "multipart/form-data": {
                    file: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too much for one call */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Every invoice was refused, or the Idempotency-Key came before with other invoices */
            422: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["AllRefused"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSubmissions: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                nip?: string;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SubmissionSummary"][];
                        /** @description to be sent as "cursor" for the next page; null on the last */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submission: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submissionReport: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description CSV (RFC 4180, UTF-8) */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submissionWorkbook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a workbook (Office Open XML) of one sheet */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submissionEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events whose data is the submission */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInvoices: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                nip?: string;
                state?: "accepted" | "sending" | "processing" | "cleared" | "rejected" | "held" | "withdrawn";
                invoiceNumber?: string;
                ksefNumber?: string;
                /** @description the beginning of the buyer's name, or of its NIP where it is digits alone */
                buyer?: string;
                /** @description the first issue day */
                from?: string;
                /** @description the last issue day */
                to?: string;
                /** @description of the call that brought them */
                submissionId?: string;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["InvoiceSummary"][];
                        /** @description to be sent as "cursor" for the next page; null on the last */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoice: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoiceXml: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the invoice */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is stored of it is damaged */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoiceUpo: {
        parameters: {
            query?: {
                /** @description session: the receipt of the session that holds the invoice; invoice: the invoice's own */
                scope?: "session" | "invoice";
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the receipt */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/xml": string;
                };
            };
            /** @description not there yet: ask again after Retry-After seconds */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "pending";
                        state: string;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoiceQr: {
        parameters: {
            query?: {
                /** @description 1: KOD I, the invoice in KSeF; 2: KOD II, the issuer of an offline invoice */
                code?: "1" | "2";
                format?: "svg" | "png";
                /** @description width in pixels */
                size?: number;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the picture */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "image/svg+xml": string;
                    "image/png": string;
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invoiceConfirmation: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Confirmation"];
                };
            };
            /** @description not there yet: ask again after Retry-After seconds */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "pending";
                    };
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuthSessions: {
        parameters: {
            query?: {
                /** @description true: no older than ten seconds; the bare name means true */
                refresh?: "0" | "1" | "true" | "false" | "";
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthSessionList"];
                };
            };
            /** @description not there yet: ask again after Retry-After seconds */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "pending";
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeAuthSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
                /** @description reference of an authentication session, or "current" */
                reference: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description not there yet: ask again after Retry-After seconds */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "pending";
                    };
                };
            };
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    loginSeller: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description where the outcome is told */
                        status: string;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryInvoice: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is stored of it is damaged */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawInvoice: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolveInvoice: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolutionInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHeld: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                nip?: string;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["HeldGroup"][];
                        /** @description to be sent as "cursor" for the next page; null on the last */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryInvoices: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldChoiceInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawInvoices: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HeldChoiceInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSellers: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                /** @description the beginning of the NIP */
                query?: string;
                /** @description those that can send, or cannot; a page may then be short, and yet another follow */
                ready?: "true" | "false";
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SellerSummary"][];
                        /** @description to be sent as "cursor" for the next page; null on the last */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sellerStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SellerStatus"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSellerCredentials: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SellerCredentialsInput"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSharedCredentials: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description letters, digits, dot, dash, underscore; at most 64 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SharedCredentialsInput"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    offlineCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Certificate"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putOfflineCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfflineCertificateInput"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOfflineCertificate: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseSeller: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseAll: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSeller: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description NIP of the seller: ten digits */
                nip: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeAll: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                nip?: string;
                state?: "claimed" | "opened" | "closing" | "closed" | "settled" | "failed" | "abandoned";
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SessionSummary"][];
                        /** @description to be sent as "cursor" for the next page; null on the last */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKeyInput"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pageSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openPageSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PageLoginInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageSession"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many wrong keys; see Retry-After */
            429: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closePageSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: {
                /** @description of this seller alone */
                nip?: string;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overviewEvents: {
        parameters: {
            query?: {
                /** @description of this seller alone */
                nip?: string;
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events whose data is the overview */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    availability: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Availability"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideAvailability: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutageDecisionInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Outage"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhooks"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhookInput"];
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChangeInput"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unknown content type */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedWebhook"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description "nextCursor" of the page before */
                cursor?: string;
                /** @description entries per page */
                limit?: number;
                /** @description pending: it is tried, or tried again; failed: it is not tried again */
                state?: "pending" | "delivered" | "failed";
            };
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveries"];
                };
            };
            /** @description The request is not as described */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAsked"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverToWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path: {
                /** @description identifier, as answered by an earlier call */
                id: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryAsked"];
                };
            };
            /** @description No valid API key */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description This key may not do that */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing here, or not for this key */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not in the state that this needs */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    liveness: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
        };
    };
    readiness: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                        /** @enum {string} */
                        queue: "up" | "down";
                    };
                };
            };
            /** @description The ledger cannot be reached, or too many large calls came at once; see Retry-After */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description names the call in logs and timelines; anything that does not fit is replaced */
                "x-request-id"?: components["parameters"]["RequestId"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description metrics */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
