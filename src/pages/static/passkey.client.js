// SimpleWebAuthnBrowser
