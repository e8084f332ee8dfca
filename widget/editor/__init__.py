"""The editor: owners make and change surveys beside a live preview. It owns no table. Uses: surveys and sites."""
