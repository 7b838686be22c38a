"""Topics and events described and provisioned: AsyncAPI, reference pages, the cluster."""
